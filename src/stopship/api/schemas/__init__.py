"""What comes in and goes out, as pydantic models: strict, and unknown fields refused."""
