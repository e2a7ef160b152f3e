"""Admin pages of the apps below this one; those above register their own in ``<app>/admin.py``."""
