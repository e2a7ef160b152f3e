"""Steps in the background as tests take them."""

import datetime

from django.utils import timezone

from movement_portal.spreadsheets import jobs, running
from movement_portal.spreadsheets.enums import CommitMode
from movement_portal.spreadsheets.models import ImportJob
from tests.spreadsheets.lists import tax_code

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]
ROWS = [[f"Công ty {n}", "Doanh nghiệp", tax_code(n), "An Phú"] for n in range(1, 6)]


def choice(batch):
    return {"mapping": batch.mapping, "constants": {}, "default_area": None}


def work(job):
    """What a worker would do with a job."""
    running.run(job.pk, str(job.token))
    job.refresh_from_db()
    return job


def waiting_commit(place, batch):
    jobs.commit(batch, by=place.officer, mode=CommitMode.ALL_OR_NOTHING)
    return ImportJob.objects.get(batch=batch)


def taken(job):
    """The job as a worker that died would leave it, silent for a minute."""
    job = running.claim(job.pk, str(job.token))
    past = timezone.now() - datetime.timedelta(seconds=60)
    ImportJob.objects.filter(pk=job.pk).update(started_at=past)
    return job
