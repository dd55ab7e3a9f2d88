"""From any table to coded rows: what it holds, which column is which, how its values are read."""
