"""One method, one file: many bargaining problems in, their solutions out."""
