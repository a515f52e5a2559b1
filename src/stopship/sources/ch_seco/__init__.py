"""Switzerland's sanctions list (`ch_seco`)."""
