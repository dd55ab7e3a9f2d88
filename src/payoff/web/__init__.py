"""The pages: each is plain data made by a function of the product and the person, and a template that shows it."""
