"""How the lists of the admin pages count and what they leave unsaid."""

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.utils.functional import cached_property

#: A list is counted up to here: whoever needs a row beyond narrows the list.
COUNT_CAP = 10_000


class CappedPaginator(Paginator):
    """Counts no further than the cap, so that the pages of a million rows cost what those of ten thousand cost."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:COUNT_CAP].count()


class ScopedChangeList(ChangeList):
    """A list that names no record out of the reader's reach."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        self.model_admin.leave_unsaid(request, self.result_list, self.list_display)
