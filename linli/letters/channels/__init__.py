"""One file for each way out of the house, each with the same function `send(address, text, key)`."""
