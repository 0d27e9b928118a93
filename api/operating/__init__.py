"""What whoever runs the service needs: backups, restores, and whether everything is well."""
