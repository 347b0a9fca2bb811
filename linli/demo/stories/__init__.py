"""What happens to invented matters: each story is a function that does something, then waits."""
