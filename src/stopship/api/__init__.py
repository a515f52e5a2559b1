"""REST: routes that translate between HTTP and the use cases of `app`. They decide nothing."""
