"""One module a screen: reads the form, asks `app`, hands records to a template."""
