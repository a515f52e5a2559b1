"""Case work on a home: what screenings become, what people decided and what that means for later decisions."""
