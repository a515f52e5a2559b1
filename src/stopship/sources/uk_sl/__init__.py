"""The UK Sanctions List (`uk_sl`)."""
