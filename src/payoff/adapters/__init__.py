"""What the ports meet outside: storage, sources, models of others, channels. Only `configuration` names them."""
