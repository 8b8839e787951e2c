"""How long deals stood in their stages, kept as they move.

Making stays out of history and versions took 1.8 s of a question over 100,000 deals.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_kept_stages"
down_revision = "2026_11_23_weekly_reviews"
branch_labels = None
depends_on = None

# The law of stays, told at `pulse.models.stage_stays`. Pieces are the CRM's rows until the first
# version, and versions from there on. A row of the CRM's that begins with the first version has no
# time of its own, but it tells of that beginning.
_STAYS = """
CREATE FUNCTION pulse_stays(ids bigint[]) RETURNS TABLE (
  deal_id bigint, started_at timestamptz, ended_at timestamptz, lasted_hundredths integer,
  stage text, next_stage text, stands_in text, is_gone boolean, is_imported boolean,
  is_start_known boolean, entered_before timestamptz, created_at timestamptz
) LANGUAGE sql STABLE AS $$
  WITH versions AS MATERIALIZED (
    SELECT v.deal_id, v.stage, v.valid_from, v.valid_to, v.crm_created_at
    FROM unnest(ids) AS wanted (id) JOIN deal_versions v ON v.deal_id = wanted.id
  ), beginning AS (
    SELECT DISTINCT ON (v.deal_id) v.deal_id, v.valid_from AS since, v.stage
    FROM versions v ORDER BY v.deal_id, v.valid_from
  ), told AS (
    SELECT h.deal_id, h.stage, h.entered_at, first.since, first.stage AS first_stage,
      least(coalesce(h.left_at, first.since), first.since) AS left_at
    FROM beginning first JOIN stage_history h ON h.deal_id = first.deal_id AND h.is_start
  ), pieces AS (
    SELECT t.deal_id, t.stage, t.entered_at AS start, t.left_at AS finish, true AS is_imported,
      NULL::timestamptz AS created_at
    FROM told t
    WHERE t.entered_at < t.left_at OR (t.entered_at = t.since AND t.stage = t.first_stage)
    UNION ALL
    SELECT v.deal_id, v.stage, v.valid_from, v.valid_to, false, v.crm_created_at FROM versions v
  ), seen AS (
    SELECT p.*, lag(p.finish) OVER way AS left_before, lag(p.stage) OVER way AS stage_before,
      last_value(p.stage) OVER whole AS stands_in, last_value(p.finish) OVER whole AS last_finish,
      last_value(p.created_at) OVER whole AS born_at
    FROM pieces p
    WINDOW way AS (PARTITION BY p.deal_id ORDER BY p.start, p.finish),
      whole AS (PARTITION BY p.deal_id ORDER BY p.start, p.finish
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
  ), stays AS (
    -- The last piece of a stay ends where the piece before the next stay ends.
    SELECT s.*, coalesce(lead(s.left_before) OVER way, s.last_finish) AS ended_at,
      lead(s.start) OVER way AS next_start, lead(s.stage) OVER way AS stage_after,
      CASE WHEN s.left_before = s.start THEN true
        WHEN s.left_before IS NOT NULL THEN false
        ELSE s.is_imported OR coalesce(s.start <= s.born_at, false) END AS is_start_known
    FROM seen s
    WHERE s.left_before IS DISTINCT FROM s.start OR s.stage_before IS DISTINCT FROM s.stage
    WINDOW way AS (PARTITION BY s.deal_id ORDER BY s.start, s.finish)
  )
  SELECT s.deal_id, s.start, s.ended_at,
    CASE WHEN s.ended_at < 'infinity'
      THEN round(extract(epoch FROM s.ended_at - s.start) / 864)::integer END,
    s.stage, CASE WHEN s.next_start = s.ended_at THEN s.stage_after END, s.stands_in,
    s.last_finish < 'infinity', s.is_imported, s.is_start_known,
    max(s.start) FILTER (WHERE s.is_start_known) OVER (
      PARTITION BY s.deal_id, s.stage ORDER BY s.start
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    s.born_at
  FROM stays s
$$
"""


def upgrade() -> None:
    """Add the table, and fill it from what is there."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "stage_stays",
        sa.Column("deal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("'infinity'"),
            nullable=False,
        ),
        sa.Column("lasted_hundredths", sa.Integer(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("next_stage", sa.Text(), nullable=True),
        sa.Column("stands_in", sa.Text(), nullable=True),
        sa.Column("is_gone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_imported", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("entered_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("deal_id", "started_at", name=op.f("pk_stage_stays")),
    )
    op.create_index(
        "ix_stage_stays_started_at", "stage_stays", ["started_at"], postgresql_using="brin"
    )
    op.execute(_STAYS)
    op.execute(
        "INSERT INTO stage_stays SELECT * FROM pulse_stays("
        "ARRAY(SELECT DISTINCT deal_id FROM deal_versions)) ORDER BY started_at"
    )


def downgrade() -> None:
    """Take away what it kept; all of it can be made again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION pulse_stays(bigint[])")
    op.drop_table("stage_stays")
