from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from .counts import Count

if TYPE_CHECKING:
    RowPaginator = Paginator[Any]
else:
    RowPaginator = Paginator


class CappedPaginator(RowPaginator):
    """Count and page no further than the limit: an exact count reads the whole table."""

    limit = 10_000

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return Count(rows.order_by().values("pk")[: self.limit].count())

    @property
    def is_capped(self) -> bool:
        return self.count >= self.limit
