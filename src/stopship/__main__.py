"""`python -m stopship` does what the `stopship` command does."""

from stopship.cli import main

if __name__ == "__main__":
    main()
