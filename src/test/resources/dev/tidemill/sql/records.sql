-- Run in both, over orders with records in them. A line that begins with "duckdb:" is what the one
-- before says in its dialect.

SELECT o.id, o.customer.id AS c, o.customer.name, o.customer.address.city, o.meta.x FROM o
SELECT id, customer.id AS c, customer.address.city, customer.address.zip + 1 AS z FROM o
SELECT o.id, (o.customer).name, (o.customer).address.city, ((o.customer).address).zip FROM o
SELECT x.customer.name FROM o AS x WHERE x.customer.address.city = 'a' AND x.meta.x > 3
SELECT id, CHAR_LENGTH(meta.tags[1]) AS n, meta.tags, meta.token FROM o
SELECT id FROM o WHERE customer IS NULL
SELECT id FROM o WHERE customer IS NOT NULL AND customer.address IS NULL
SELECT id, CASE WHEN customer IS NULL THEN 'none' ELSE customer.name END AS n, COALESCE(customer.address.city, '?') AS c FROM o
SELECT o.customer.address.city, COUNT(*) AS n, SUM(o.meta.x) AS s, MIN(o.customer.address.zip) AS z FROM o GROUP BY o.customer.address.city
SELECT customer.name, COUNT(DISTINCT customer.id) AS n FROM o WHERE meta.x < 20 GROUP BY customer.name HAVING MAX(customer.id) > 2
SELECT DISTINCT customer.address.zip AS z FROM o
SELECT COUNT(customer.name) AS n, COUNT(*) FILTER (WHERE customer.address.zip > 2) AS z, MAX(meta.token) AS t FROM o
SELECT o.id, p.id AS pid FROM o JOIN p ON o.customer.id = p.customer.id AND o.customer.name = p.customer.name
SELECT o.id, p.id AS pid, p.customer.address.city FROM o LEFT JOIN p ON o.customer.id = p.id
SELECT o.id, p.id AS pid, o.customer.name, p.customer.address.zip FROM o FULL JOIN p ON o.customer.address.zip = p.customer.address.zip AND o.id < 10
SELECT p.customer.name, COUNT(*) AS n FROM o JOIN p ON o.id = p.id WHERE o.customer.id > 1 GROUP BY p.customer.name
SELECT s.customer.name, s.n FROM (SELECT o.customer, o.meta.x AS n FROM o) AS s WHERE s.customer.id = 3
WITH s AS (SELECT o.customer.address AS a, o.id FROM o) SELECT s.id, s.a.city FROM s WHERE s.a IS NOT NULL
SELECT id FROM o WHERE customer.id IN (SELECT p.customer.id FROM p WHERE p.meta.x > 10)
SELECT id, customer.name FROM o ORDER BY customer.name DESC NULLS LAST, id LIMIT 7
SELECT id, ROW_NUMBER() OVER (PARTITION BY customer.address.city ORDER BY meta.x, id) AS r FROM o
SELECT o.id, l.sku, l.qty FROM o CROSS JOIN UNNEST(o.lines) AS l (sku, qty, maker)
duckdb: SELECT o.id, l.v.sku, l.v.qty FROM o CROSS JOIN UNNEST(o.lines) AS l (v)
SELECT o.id, l.sku, l.maker.land FROM o, UNNEST(o.lines) AS l
duckdb: SELECT o.id, l.v.sku, l.v.maker.land FROM o, UNNEST(o.lines) AS l (v)
SELECT o.id, l.sku, l.maker.land FROM o LEFT JOIN UNNEST(o.lines) AS l ON TRUE
duckdb: SELECT o.id, l.v.sku, l.v.maker.land FROM o LEFT JOIN UNNEST(o.lines) AS l (v) ON TRUE
SELECT o.id, l.sku, l.maker.land, l.n FROM o LEFT JOIN UNNEST(o.lines) WITH ORDINALITY AS l (sku, qty, maker, n) ON TRUE
duckdb: SELECT o.id, l.v.sku, l.v.maker.land, l.n FROM o LEFT JOIN UNNEST(o.lines) WITH ORDINALITY AS l (v, n) ON TRUE
SELECT l.sku, SUM(l.qty) AS q, COUNT(*) AS n FROM o, UNNEST(o.lines) AS l WHERE l.qty > 0 AND o.customer.id > 1 GROUP BY l.sku
duckdb: SELECT l.v.sku, SUM(l.v.qty) AS q, COUNT(*) AS n FROM o, UNNEST(o.lines) AS l (v) WHERE l.v.qty > 0 AND o.customer.id > 1 GROUP BY l.v.sku
SELECT o.id, t FROM o, UNNEST(o.meta.tags) AS x (t)
SELECT o.id, l.sku, p.id AS pid, p.customer.name FROM o, UNNEST(o.lines) AS l, p WHERE l.qty = p.customer.id
duckdb: SELECT o.id, l.v.sku, p.id AS pid, p.customer.name FROM o, UNNEST(o.lines) AS l (v), p WHERE l.v.qty = p.customer.id
SELECT o.id, p.id AS pid, l.sku FROM o JOIN p ON o.customer.id = p.id, UNNEST(p.lines) AS l
duckdb: SELECT o.id, p.id AS pid, l.v.sku FROM o JOIN p ON o.customer.id = p.id, UNNEST(p.lines) AS l (v)
SELECT o.id, o.lines[1].sku, (o.lines[2]).maker.land, CARDINALITY(o.lines) AS n FROM o
SELECT customer.name FROM o UNION SELECT p.customer.name FROM p
SELECT COALESCE(o.customer.address, p.customer.address).city AS c FROM o JOIN p ON o.id = p.id
SELECT CASE WHEN o.id < 30 THEN o.customer.address END.zip AS z FROM o
SELECT id FROM o ORDER BY customer.address, id LIMIT 12
SELECT s.c.name FROM (SELECT o.customer AS c FROM o UNION ALL SELECT p.customer AS c FROM p) AS s
SELECT id FROM o WHERE EXISTS (SELECT 1 FROM p WHERE p.customer.id = o.customer.id AND p.meta.x > o.meta.x)
SELECT id FROM o WHERE NOT EXISTS (SELECT 1 FROM p WHERE p.customer.id = o.customer.id)
SELECT id, (SELECT COUNT(*) FROM p WHERE p.customer.name = o.customer.name) AS n FROM o
SELECT id FROM o WHERE meta.x > (SELECT AVG(p.meta.x) FROM p WHERE p.customer.id = o.customer.id)
