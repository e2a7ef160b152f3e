"""Keys of citizen identification numbers: made, looked at, changed while the portal runs, retired."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from movement_portal.persons import rotation
from movement_portal.persons.keys import KeyProblem, WrongKey, keyring, make_keys

STEPS = {
    "init": "tạo các tệp khóa còn thiếu",
    "status": "khóa nào đang dùng, còn bao nhiêu số mã hóa bằng khóa cũ",
    "rotate": "thêm khóa mới rồi mã hóa lại; dừng giữa chừng thì chạy “resume”",
    "resume": "mã hóa lại phần còn lại bằng khóa đang dùng",
    "retire": "bỏ các khóa cũ khi không còn gì dùng đến",
    "reindex": "tính lại chỉ mục sau khi thay khóa chỉ mục",
}


class Command(BaseCommand):
    help = "Quản lý khóa mã hóa số định danh: " + "; ".join(f"{name}: {what}" for name, what in STEPS.items()) + "."
    # The checks themselves ask for keys, which “init” makes.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("step", choices=list(STEPS), help="việc cần làm")

    def handle(self, *, step, **options):
        try:
            getattr(self, step)()
        except (KeyProblem, WrongKey, ValueError) as problem:
            raise CommandError(str(problem)) from problem

    def init(self):
        made = make_keys()
        for path in made:
            self.stdout.write(f"Đã tạo {path}. Cất một bản ở nơi khác, không cùng chỗ với bản sao cơ sở dữ liệu.")
        if not made:
            self.stdout.write("Các tệp khóa đã có.")

    def status(self):
        ring = keyring()
        self.stdout.write(f"Đang mã hóa bằng khóa {ring.name}; giải mã được bằng {', '.join(ring.names)}.")
        self.stdout.write(f"Còn {rotation.remaining()} giá trị mã hóa bằng khóa cũ.")

    def rotate(self):
        if settings.CITIZEN_ID_KEYS:
            raise CommandError("Khóa lấy từ biến môi trường: đặt khóa mới lên đầu, khởi động lại, rồi chạy “resume”.")
        name = rotation.add_key()
        self.stdout.write(f"Khóa mới {name} đang được dùng.")
        self.resume()

    def resume(self):
        for model, column in rotation.sealed_columns():
            done = sum(rotation.reseal(model, column))
            self.stdout.write(f"{model._meta.verbose_name}: mã hóa lại {done}.")
        for holder in rotation.holders():
            self.stdout.write(f"{holder.label}: mã hóa lại {sum(holder.reseal())}.")
        self.stdout.write(f"Còn {rotation.remaining()} giá trị mã hóa bằng khóa cũ.")

    def retire(self):
        if settings.CITIZEN_ID_KEYS:
            raise CommandError("Khóa lấy từ biến môi trường: bỏ khóa cũ ở đó.")
        self.stdout.write(f"Đã bỏ {rotation.drop_old_keys()} khóa cũ.")

    def reindex(self):
        for model, column in rotation.sealed_columns():
            self.stdout.write(f"{model._meta.verbose_name}: tính lại {rotation.reindex(model, column)} chỉ mục.")
