"""Canada's consolidated list of autonomous sanctions (`ca_sema`)."""
