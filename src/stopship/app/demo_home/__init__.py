"""The example workbench of `stopship demo --serve`: a home of its own with made-up lists, cases and two people.

`place` says where it lies and refuses every other home, `lists` takes the example lists in, `plans` says what
became of each example party, `seed` does it all in order, `people` makes the logins, `upload` the file to try.
"""
