"""Annex IV of Regulation (EU) No 833/2014, from its consolidated text (`eu_833_annex4`)."""
