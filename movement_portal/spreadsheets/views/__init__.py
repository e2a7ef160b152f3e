"""Pages of the import bench, one module a subject."""
