"""The Security Council's Consolidated List (`un_sc`)."""
