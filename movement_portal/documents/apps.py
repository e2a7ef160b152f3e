from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "movement_portal.documents"
    label = "documents"
    verbose_name = "Văn bản"
