"""Lists that US agencies publish as pages: UFLPA, Section 1260H, the FCC's Covered List, section 7031(c)."""
