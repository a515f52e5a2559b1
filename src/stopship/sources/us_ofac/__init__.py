"""OFAC lists: SDN (`us_ofac_sdn`) and the consolidated non-SDN lists (`us_ofac_cons`)."""
