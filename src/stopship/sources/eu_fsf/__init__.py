"""The EU's consolidated list of financial sanctions (`eu_fsf`)."""
