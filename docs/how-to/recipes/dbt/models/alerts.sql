-- depends_on: {{ ref('screened') }}
select date '{{ var("day") }}' as day, id, name, status, alerts, hits
from read_parquet('{{ var("lake") }}/screened/{{ var("day") }}/*.parquet')
where alerts > 0
