from django.apps import AppConfig


class ModelsRegistryConfig(AppConfig):
    name = "models_registry"
    verbose_name = "Mô hình"

    def ready(self):
        from models_registry.merging import declare_links
        from models_registry.models.sites import follow_lead_units
        from models_registry.personal import register_heads
        from models_registry.profile import register_models
        from units.models.records import follow_area

        follow_area(follow_lead_units)
        register_models()
        register_heads()
        declare_links()
