"""Lists of the Export Administration Regulations, 15 CFR Part 744, as the eCFR prints them (`us_bis_el`)."""
