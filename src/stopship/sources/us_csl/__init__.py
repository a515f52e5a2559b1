"""The US Consolidated Screening List (`us_csl`)."""
