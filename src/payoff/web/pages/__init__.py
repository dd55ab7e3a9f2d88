"""One module a page: frozen view-models, and the function that fills them."""
