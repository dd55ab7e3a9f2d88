"""The pages people read, a file a page, and the forms on them."""
