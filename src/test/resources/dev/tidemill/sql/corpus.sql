-- One statement a line, over the tables of Tables.java. DuckDB and PostgreSQL are asked the same.
-- Below a statement that one of them can not be asked, or to which it says something else, stands
-- "-- duckdb [why]: the same for that database", or "-- duckdb [why]" if there is no way to say it.

-- Columns and literals
SELECT id, i, l, r, d, s, g, b, p, dt, ts FROM t
SELECT * FROM t
SELECT t.id, t.s FROM t
SELECT x.id AS n, x.s FROM t AS x
SELECT ID, S FROM T
SELECT id, 1 AS uno, 'x' AS x, 1.5 AS fra, TRUE AS yes, CAST(NULL AS INTEGER) AS n FROM t
SELECT id, 2.5E0 AS dbl, DATE '2024-02-29' AS dat, TIMESTAMP '2024-02-29 12:34:56.789' AS tim FROM t
SELECT id, 'it''s' AS q, '日本' AS j, '😀' AS e FROM t
SELECT * FROM e
SELECT "id", "s" AS "S2" FROM "t"

-- Comparisons and three-valued logic
SELECT id FROM t WHERE i > 0
SELECT id FROM t WHERE NOT i > 0
SELECT id FROM t WHERE i <> 0 OR l IS NULL
SELECT id FROM t WHERE i = l
SELECT id FROM t WHERE i < d
SELECT id FROM t WHERE l <= p
SELECT id FROM t WHERE p >= 12.34
SELECT id FROM t WHERE p = 0
SELECT id FROM t WHERE d = 0
SELECT id FROM t WHERE r > d
SELECT id FROM t WHERE s = 'abc'
SELECT id FROM t WHERE s > 'a'
SELECT id FROM t WHERE s < '日本語'
SELECT id, s < '😀' AS lt, s > '😀' AS gt, s <= '😀' AS le, s >= '😀' AS ge FROM t
SELECT id FROM t WHERE s <> g
SELECT id FROM t WHERE b
SELECT id FROM t WHERE NOT b
SELECT id FROM t WHERE b IS NOT TRUE
SELECT id FROM t WHERE b IS FALSE
SELECT id, b IS TRUE AS t1, b IS NOT FALSE AS t2, b IS UNKNOWN AS t3, b IS NOT UNKNOWN AS t4 FROM t
SELECT id, i > 0 AND l > 0 AS a, i > 0 OR l > 0 AS o, NOT (i > 0 AND b) AS n FROM t
SELECT id, i IS NULL AS a, s IS NOT NULL AS o FROM t
SELECT id, i IS DISTINCT FROM l AS a, s IS NOT DISTINCT FROM g AS o FROM t
SELECT id, d IS DISTINCT FROM r AS a, p IS NOT DISTINCT FROM i AS o FROM t
SELECT id FROM t WHERE i IN (1, 2, 3)
SELECT id FROM t WHERE i NOT IN (1, 2, 3)
SELECT id FROM t WHERE i NOT IN (1, NULL)
SELECT id FROM t WHERE s IN ('a', 'b', 'äöü', '😀')
SELECT id FROM t WHERE d IN (0.5, 1, 2)
SELECT id FROM t WHERE i BETWEEN -3 AND 3
SELECT id FROM t WHERE i NOT BETWEEN -3 AND 3
SELECT id FROM t WHERE i BETWEEN SYMMETRIC 3 AND -3
-- duckdb [no SYMMETRIC]: SELECT id FROM t WHERE i BETWEEN -3 AND 3
SELECT id FROM t WHERE s BETWEEN 'a' AND 'b'
SELECT id FROM t WHERE dt >= DATE '1990-01-01' AND dt < DATE '2010-01-01'
SELECT id FROM t WHERE ts > TIMESTAMP '2000-01-01 00:00:00'
SELECT id FROM t WHERE TRUE
SELECT id FROM t WHERE FALSE
SELECT id FROM t WHERE NULL
SELECT id FROM t WHERE 1 = 1 AND i = i
SELECT id FROM t WHERE i <> 0 AND 100 / i > 5
SELECT id FROM t WHERE i = 0 OR 100 / i > 5

-- Arithmetic
SELECT id, i + 1 AS a, i - 1 AS b2, i * 2 AS c FROM t WHERE i BETWEEN -1000 AND 1000
SELECT id, CAST(i AS BIGINT) + 1 AS a, CAST(i AS BIGINT) * 2 AS c FROM t
SELECT id, -i AS a, +i AS b2 FROM t WHERE i > -1000
SELECT id, i / 3 AS q, MOD(i, 3) AS m, i % 5 AS n FROM t
-- duckdb [/ divides to a DOUBLE; // does not]: SELECT id, i // 3, i % 3, i % 5 FROM t
SELECT id, l / 7 AS q, MOD(l, 7) AS m FROM t WHERE l BETWEEN -1000 AND 1000
-- duckdb [/ divides to a DOUBLE; // does not]: SELECT id, l // 7, l % 7 FROM t WHERE l BETWEEN -1000 AND 1000
SELECT id, d + 1 AS a, d - 0.5 AS b2, d * 2 AS c, d / 4 AS q FROM t WHERE ABS(d) < 1e100
SELECT id, d * 10 AS a, d - 1e300 * d AS b2, d / 1e-200 AS c FROM t
-- postgres [an overflow is an error]
SELECT id, d * d AS sq, d / 0.1 AS tenth FROM t
-- postgres [an overflow is an error]
SELECT id, i + d AS a, l * d AS b2, d - i AS c FROM t WHERE ABS(d) < 1e100
SELECT id, p + p AS a, p - 1.5 AS b2, p * 2 AS c, p * p AS q FROM t
SELECT id, p + i AS a FROM t WHERE i BETWEEN -1000 AND 1000
SELECT id, CAST(p AS DOUBLE) / 3 AS q FROM t
SELECT id, p * d AS x FROM t WHERE ABS(d) < 1e300
SELECT id, i + l AS a FROM t WHERE l BETWEEN -1000 AND 1000
SELECT id, (i + 1) * (i - 1) AS x FROM t WHERE i BETWEEN -1000 AND 1000
SELECT id, ABS(i) AS a, ABS(d) AS b2, ABS(p) AS c FROM t WHERE i > -1000
SELECT id, SIGN(i) AS a FROM t
SELECT id, FLOOR(d) AS f, CEIL(d) AS c FROM t
SELECT id, FLOOR(p) AS f, CEIL(p) AS c FROM t
SELECT id, ROUND(p, 1) AS x FROM t WHERE ABS(p) < 9999999
SELECT id, POWER(d, 2) AS p2, SQRT(ABS(d)) AS s2 FROM t WHERE ABS(d) BETWEEN 1e-100 AND 1e100
SELECT id, EXP(d / 1000) AS e1, LN(ABS(d) + 1) AS l1, LOG10(ABS(d) + 1) AS l2 FROM t WHERE ABS(d) < 1e5
SELECT id, SIN(d) AS a, COS(d) AS b2, ATAN(d) AS c FROM t WHERE ABS(d) < 1000
SELECT id, ATAN2(d, 2) AS a, DEGREES(d) AS b2, RADIANS(d) AS c FROM t WHERE ABS(d) < 1000
SELECT id, d / NULLIF(i, 0) AS q FROM t WHERE ABS(d) > 1e-100
SELECT id, r + 1 AS a, r * 2 AS b2 FROM t WHERE ABS(r) < 1e30

-- Conditional expressions
SELECT id, CASE WHEN i > 0 THEN 'pos' WHEN i < 0 THEN 'negative' ELSE 'zero or null' END AS c FROM t
SELECT id, CASE i WHEN 1 THEN 'one' WHEN 2 THEN 'two' END AS c FROM t
SELECT id, CASE WHEN i > 0 THEN i ELSE d END AS c FROM t
SELECT id, CASE WHEN i > 0 THEN p ELSE 0 END AS c FROM t
SELECT id, CASE WHEN d > 0 THEN 1 ELSE 0 END AS c FROM t
SELECT id, CASE WHEN i = 0 THEN 0 ELSE 100 / i END AS c FROM t
-- duckdb [/ divides to a DOUBLE; // does not]: SELECT id, CASE WHEN i = 0 THEN 0 ELSE 100 // i END AS c FROM t
SELECT id, CASE WHEN b THEN CASE WHEN i > 0 THEN 1 ELSE 2 END ELSE 3 END AS c FROM t
SELECT id, COALESCE(i, -1) AS a, COALESCE(s, g) AS b2, COALESCE(i, l, 0) AS c FROM t
SELECT id, COALESCE(d, i, 0) AS a FROM t
SELECT id, NULLIF(i, 1) AS a, NULLIF(s, 'a') AS b2 FROM t
SELECT id, COALESCE(NULLIF(s, ''), 'empty') AS a FROM t
SELECT id, CASE WHEN s = 'a' THEN 'big' ELSE 'small' END || '.' AS c FROM t

-- Strings
SELECT id, s || g AS a, s || 'x' AS b2, 'x' || s || 'y' AS c FROM t
SELECT id, UPPER(g) AS a, LOWER(g) AS b2 FROM t
SELECT id, UPPER(s) AS a, LOWER(s) AS b2 FROM t
-- duckdb [of one letter it makes one, so ß stays]
SELECT id, LOWER('ΟΔΟΣ') AS a, UPPER('straße ﬁ') AS b2 FROM t
-- duckdb [of one letter it makes one, so ß stays]
SELECT id, CHAR_LENGTH(s) AS a, CHARACTER_LENGTH(g) AS b2 FROM t
SELECT id, SUBSTRING(s FROM 2) AS a, SUBSTRING(s FROM 1 FOR 2) AS b2 FROM t
SELECT id, SUBSTRING(s, 2, 1) AS a, SUBSTRING(g, 1, 1) AS b2 FROM t
SELECT id, SUBSTRING(s, 5, 3) AS a FROM t
SELECT id, TRIM(s) AS a, TRIM(LEADING FROM s) AS b2, TRIM(TRAILING FROM s) AS c FROM t
SELECT id, TRIM(BOTH 'a' FROM s) AS a FROM t
SELECT id, POSITION('b' IN s) AS a, POSITION('y' IN s) AS b2, POSITION('' IN s) AS c FROM t
SELECT id, REPLACE(s, 'a', 'xx') AS a FROM t
SELECT id, OVERLAY(s PLACING 'Z' FROM 2 FOR 1) AS a FROM t WHERE CHAR_LENGTH(s) >= 3
SELECT id FROM t WHERE s LIKE 'a%'
SELECT id FROM t WHERE s LIKE '_b_'
SELECT id FROM t WHERE s LIKE '_'
SELECT id FROM t WHERE s LIKE '%b%c%'
SELECT id FROM t WHERE s LIKE '%a%_'
SELECT id, 'abcabc' LIKE '%bc' AS a, 'a' LIKE 'a%%' AS c FROM t
SELECT id FROM t WHERE s LIKE '%😀%'
SELECT id FROM t WHERE s NOT LIKE '%b%'
SELECT id FROM t WHERE s LIKE 'a!%b' ESCAPE '!'
SELECT id FROM t WHERE s LIKE 'a!_b' ESCAPE '!'
SELECT id FROM t WHERE s LIKE g || '%'
SELECT id, s LIKE 'A%' AS a, s LIKE '' AS b2, s LIKE '%' AS c FROM t

-- Casts
SELECT id, CAST(i AS BIGINT) AS a, CAST(i AS DOUBLE) AS b2, CAST(i AS DECIMAL(12, 2)) AS c FROM t
SELECT id, CAST(i AS VARCHAR) AS a, CAST(l AS VARCHAR) AS b2 FROM t
SELECT id, CAST(p AS VARCHAR) AS a, CAST(p AS INTEGER) AS b2, CAST(p AS DOUBLE) AS c FROM t
SELECT id, CAST(b AS VARCHAR) AS a FROM t
SELECT id, CAST(dt AS VARCHAR) AS a FROM t WHERE dt > DATE '0001-01-01'
SELECT id, CAST(d AS DECIMAL(18, 3)) AS a FROM t WHERE ABS(d) < 1e10
SELECT id, CAST(d AS INTEGER) AS a FROM t WHERE ABS(d) < 1e6 AND MOD(CAST(d * 2 AS BIGINT), 2) = 0
SELECT id, CAST('12' AS INTEGER) AS a, CAST('-1.5' AS DOUBLE) AS b2, CAST('1.25' AS DECIMAL(5, 2)) AS c FROM t
SELECT id, CAST(' 12 ' AS INTEGER) AS a FROM t
SELECT id, CAST('2024-02-29' AS DATE) AS a, CAST('2024-02-29 01:02:03' AS TIMESTAMP) AS b2 FROM t
SELECT id, CAST('true' AS BOOLEAN) AS a, CAST('false' AS BOOLEAN) AS b2 FROM t
SELECT id, CAST(ts AS DATE) AS a, CAST(dt AS TIMESTAMP) AS b2 FROM t
SELECT id, CAST(CAST(id AS VARCHAR) AS INTEGER) AS a FROM t
SELECT id, CAST(i AS SMALLINT) AS a FROM t WHERE i BETWEEN -1000 AND 1000
SELECT id, CAST(r AS DOUBLE) AS a FROM t
SELECT id, CAST(p AS DECIMAL(9, 1)) AS a FROM t
SELECT id, CAST(d AS BIGINT) AS a, CAST(r AS BIGINT) AS b2 FROM t WHERE ABS(d) < 1e15 AND ABS(r) < 1e15
SELECT id, CAST(d * 10 AS INTEGER) AS a FROM t WHERE ABS(d) < 1e6
SELECT id, CAST(ts AS VARCHAR) AS a FROM t WHERE EXTRACT(MILLISECOND FROM ts) = 0
SELECT id, CAST(l AS INTEGER) AS a FROM t WHERE l BETWEEN -1000 AND 1000

-- Dates and times
SELECT id, EXTRACT(YEAR FROM dt) AS y, EXTRACT(MONTH FROM dt) AS m, EXTRACT(DAY FROM dt) AS d2 FROM t
SELECT id, EXTRACT(YEAR FROM ts) AS y, EXTRACT(HOUR FROM ts) AS h, EXTRACT(MINUTE FROM ts) AS m FROM t
SELECT id, EXTRACT(SECOND FROM ts) AS s2, EXTRACT(DAY FROM ts) AS d2 FROM t
-- postgres [seconds have fractions]: SELECT id, FLOOR(EXTRACT(SECOND FROM ts)), EXTRACT(DAY FROM ts) FROM t
SELECT id, EXTRACT(QUARTER FROM dt) AS q, EXTRACT(DOY FROM dt) AS y, EXTRACT(WEEK FROM dt) AS w FROM t
SELECT id, EXTRACT(DOW FROM dt) - 1 AS w FROM t
-- duckdb, postgres [DOW counts from 0]: SELECT id, EXTRACT(DOW FROM dt) FROM t
SELECT id, YEAR(dt) AS y, MONTH(dt) AS m, HOUR(ts) AS h FROM t
-- postgres [no YEAR]: SELECT id, EXTRACT(YEAR FROM dt), EXTRACT(MONTH FROM dt), EXTRACT(HOUR FROM ts) FROM t
SELECT id, FLOOR(ts TO DAY) AS d1, FLOOR(ts TO HOUR) AS h, FLOOR(ts TO MONTH) AS m, FLOOR(ts TO YEAR) AS y FROM t
-- duckdb, postgres [no FLOOR of a time]: SELECT id, DATE_TRUNC('day', ts), DATE_TRUNC('hour', ts), DATE_TRUNC('month', ts), DATE_TRUNC('year', ts) FROM t
SELECT id, CEIL(ts TO DAY) AS d1 FROM t WHERE EXTRACT(HOUR FROM ts) > 0
-- duckdb [no CEIL of a time]: SELECT id, DATE_TRUNC('day', ts) + INTERVAL 1 DAY FROM t WHERE EXTRACT(HOUR FROM ts) > 0
-- postgres [no CEIL of a time]: SELECT id, DATE_TRUNC('day', ts) + INTERVAL '1' DAY FROM t WHERE EXTRACT(HOUR FROM ts) > 0
SELECT id, dt + INTERVAL '1' DAY AS a, dt - INTERVAL '2' MONTH AS b2, dt + INTERVAL '1' YEAR AS c FROM t WHERE dt BETWEEN DATE '0001-03-01' AND DATE '9998-12-31'
-- duckdb, postgres [a DATE and an INTERVAL give a TIMESTAMP]: SELECT id, CAST(dt + INTERVAL '1' DAY AS DATE), CAST(dt - INTERVAL '2' MONTH AS DATE), CAST(dt + INTERVAL '1' YEAR AS DATE) FROM t WHERE dt BETWEEN DATE '0001-03-01' AND DATE '9998-12-31'
SELECT id, ts + INTERVAL '90' MINUTE AS a, ts - INTERVAL '1' MONTH AS b2 FROM t
SELECT id, TIMESTAMPADD(HOUR, 5, ts) AS a FROM t
-- duckdb [no TIMESTAMPADD]: SELECT id, ts + INTERVAL 5 HOUR FROM t
-- postgres [no TIMESTAMPADD]: SELECT id, ts + INTERVAL '5' HOUR FROM t
SELECT id, TIMESTAMPDIFF(DAY, DATE '2000-01-01', dt) AS a FROM t
-- duckdb, postgres [no TIMESTAMPDIFF]: SELECT id, dt - DATE '2000-01-01' FROM t
SELECT id, CAST(ts AS TIME) AS a FROM t

-- GROUP BY
SELECT g, COUNT(*) AS n FROM t GROUP BY g
SELECT g, COUNT(*) AS n, COUNT(i) AS ni, COUNT(s) AS ns FROM t GROUP BY g
SELECT g, SUM(i) AS a, SUM(p) AS c FROM t GROUP BY g
SELECT g, SUM(l) AS a FROM t WHERE l BETWEEN -1000 AND 1000 GROUP BY g
SELECT g, SUM(d) AS a, SUM(r) AS b2 FROM t WHERE ABS(d) < 1e100 AND ABS(r) < 1e30 GROUP BY g
SELECT g, AVG(i) AS a, AVG(d) AS b2, AVG(p) AS c FROM t WHERE ABS(d) < 1e100 GROUP BY g
SELECT g, AVG(l) AS a FROM t WHERE l BETWEEN -1000 AND 1000 GROUP BY g
SELECT g, MIN(i) AS a, MAX(i) AS b2, MIN(d) AS c, MAX(d) AS e1 FROM t GROUP BY g
SELECT g, MIN(s) AS a, MAX(s) AS b2 FROM t GROUP BY g
SELECT g, MIN(dt) AS a, MAX(dt) AS b2, MIN(ts) AS c, MAX(ts) AS e1, MIN(p) AS f, MAX(b) AS h FROM t GROUP BY g
-- postgres [no MAX of BOOLEAN]: SELECT g, MIN(dt), MAX(dt), MIN(ts), MAX(ts), MIN(p), BOOL_OR(b) FROM t GROUP BY g
SELECT s, COUNT(*) AS n FROM t GROUP BY s
SELECT i, b, COUNT(*) AS n FROM t GROUP BY i, b
SELECT d, COUNT(*) AS n FROM t GROUP BY d
SELECT r, COUNT(*) AS n, MAX(r) AS m FROM t GROUP BY r
SELECT p, dt, COUNT(*) AS n FROM t GROUP BY p, dt
SELECT g FROM t GROUP BY g
SELECT COUNT(*) AS n FROM t GROUP BY g
SELECT g || '!' AS k, COUNT(*) AS n FROM t GROUP BY g || '!'
SELECT UPPER(s) AS k, COUNT(*) AS n FROM t WHERE s < 'b' GROUP BY k
SELECT i > 0 AS k, COUNT(*) AS n FROM t GROUP BY 1
SELECT MOD(id, 3) AS k, g AS h, SUM(id) AS n FROM t GROUP BY 1, 2
SELECT MOD(id, 3) + 1 AS k, SUM(id) * 2 AS n FROM t GROUP BY MOD(id, 3)
SELECT id, EXTRACT(YEAR FROM ts) AS a, CASE WHEN b THEN EXTRACT(YEAR FROM dt) END AS c FROM t
SELECT id, CASE WHEN b THEN EXTRACT(HOUR FROM ts) ELSE EXTRACT(HOUR FROM ts) + 1 END AS a, CASE WHEN b THEN EXTRACT(MONTH FROM dt) ELSE EXTRACT(MONTH FROM ts) END AS c FROM t
SELECT SUM(EXTRACT(YEAR FROM ts)) AS a, SUM(EXTRACT(YEAR FROM dt)) FILTER (WHERE b) AS c FROM t
SELECT id, FLOOR(ts TO MONTH) AS a, CASE WHEN b THEN FLOOR(ts TO MONTH) END AS c FROM t
-- duckdb, postgres [no FLOOR of a time]: SELECT id, DATE_TRUNC('month', ts), CASE WHEN b THEN DATE_TRUNC('month', ts) END FROM t
SELECT EXTRACT(YEAR FROM dt) AS y, COUNT(*) AS n FROM t GROUP BY EXTRACT(YEAR FROM dt)
SELECT FLOOR(ts TO MONTH) AS m, COUNT(*) AS n FROM t GROUP BY FLOOR(ts TO MONTH)
-- duckdb, postgres [no FLOOR of a time]: SELECT DATE_TRUNC('month', ts), COUNT(*) FROM t GROUP BY 1
SELECT g, SUM(CASE WHEN i > 0 THEN 1 ELSE 0 END) AS pos FROM t GROUP BY g
SELECT g, COUNT(CASE WHEN i > 0 THEN 1 END) AS pos FROM t GROUP BY g
SELECT g, SUM(id + 1) AS a, SUM(id) + 1 AS b2, MAX(id) - MIN(id) AS c FROM t GROUP BY g
SELECT g, SUM(d) / COUNT(d) AS a FROM t WHERE ABS(d) < 1e100 GROUP BY g
SELECT g, CASE WHEN COUNT(*) > 10 THEN 'many' ELSE 'few' END AS c FROM t GROUP BY g
SELECT g, COUNT(*) AS n FROM t GROUP BY g HAVING COUNT(*) > 10
SELECT g, SUM(id) AS n FROM t GROUP BY g HAVING g <> 'x' AND SUM(id) > 100
SELECT g FROM t GROUP BY g HAVING MAX(i) IS NOT NULL AND AVG(i) < 100000000
SELECT g, COUNT(*) AS n FROM t WHERE i > 0 GROUP BY g HAVING COUNT(*) >= 1
SELECT g, COUNT(*) AS n FROM e GROUP BY g
SELECT g, COUNT(*) AS n FROM t WHERE FALSE GROUP BY g
SELECT g, SUM(i) AS a, MIN(s) AS b2, AVG(d) AS c FROM t WHERE i IS NULL AND s IS NULL AND d IS NULL GROUP BY g
SELECT t.g, COUNT(*) AS n FROM t GROUP BY t.g
SELECT COALESCE(s, '?') AS k, COUNT(*) AS n FROM t GROUP BY COALESCE(s, '?')
SELECT g, b, COUNT(*) AS n, AVG(id) AS a FROM t GROUP BY g, b HAVING b IS NOT NULL
SELECT g, SUM(p * 2) AS a, MAX(p + 1) AS b2 FROM t GROUP BY g

-- UNION ALL, subqueries in FROM, WITH
SELECT id, s FROM t UNION ALL SELECT id, g FROM u
SELECT id, i FROM t UNION ALL SELECT id, l FROM u
SELECT id, i AS x FROM t UNION ALL SELECT id, d FROM u
SELECT id, p AS x FROM t UNION ALL SELECT id, i FROM u
SELECT id FROM t WHERE i > 0 UNION ALL SELECT id FROM u WHERE i < 0 UNION ALL SELECT id FROM e
SELECT g, COUNT(*) AS n FROM (SELECT g FROM t UNION ALL SELECT g FROM u) AS x GROUP BY g
SELECT g, SUM(x) AS n FROM (SELECT g, id AS x FROM t WHERE i > 0 UNION ALL SELECT s, 1000 FROM u) AS x GROUP BY g
SELECT x FROM (SELECT id + 1 AS x FROM t) AS y WHERE x > 10
SELECT x * 2 AS z FROM (SELECT id + 1 AS x, g FROM t WHERE i > 0) AS y WHERE g = 'x'
SELECT g, n * 2 AS m FROM (SELECT g, COUNT(*) AS n FROM t GROUP BY g) AS y WHERE n > 5
SELECT k, COUNT(*) AS n FROM (SELECT CASE WHEN i > 0 THEN 'p' ELSE 'n' END AS k FROM t) AS y GROUP BY k
WITH y AS (SELECT id, g FROM t WHERE i > 0) SELECT g, COUNT(*) AS n FROM y GROUP BY g
SELECT q FROM (SELECT id, 100 / i AS q FROM t WHERE i <> 0) AS y WHERE id > 5
-- duckdb [/ divides to a DOUBLE; // does not]: SELECT q FROM (SELECT id, 100 // i AS q FROM t WHERE i <> 0) AS y WHERE id > 5

-- More shapes
SELECT UPPER(g) AS g, COUNT(*) AS n FROM t GROUP BY g
SELECT id FROM t WHERE i IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, -1, -2, -3, -4, -5, -6, -7, -8, -9)
SELECT id, CASE WHEN i IN (1, 2) AND (s LIKE 'a%' OR d > 3) THEN COALESCE(s, g) || '-' || CAST(id AS VARCHAR) ELSE UPPER(g) END AS x, i + id AS y, CASE WHEN d > 1 THEN d / 2 WHEN d < -1 THEN d / 2 ELSE 0E0 END AS z, ABS(d) AS w, FLOOR(d) - CEIL(d) AS v, s IS NULL OR g IS NULL AS u2, MOD(id, 7) * 3 - 1 AS q FROM t WHERE i BETWEEN -1000 AND 1000
SELECT a, SUM(n) AS n FROM (SELECT g AS a, id AS n FROM t UNION ALL SELECT g, id + 1 FROM t) AS x WHERE a <> 'x' GROUP BY a HAVING SUM(n) > 10
SELECT a + 1 AS a FROM (SELECT id + 1 AS a FROM (SELECT id FROM t WHERE i > 0) AS x WHERE id > 3) AS y WHERE a < 60
SELECT MAX(x) AS m, k FROM (SELECT CASE WHEN b THEN i ELSE NULL END AS x, g AS k FROM t) AS y GROUP BY k
SELECT g, MIN(CASE WHEN i > 0 THEN s END) AS a, MAX(id + 0E0) AS b2 FROM t GROUP BY g
SELECT s, g, b, i, COUNT(*) AS n FROM t GROUP BY g, s, i, b
SELECT b, AVG(CASE WHEN i > 0 THEN 1E0 ELSE 0E0 END) AS share FROM t GROUP BY b
SELECT EXTRACT(YEAR FROM ts) AS y, EXTRACT(MONTH FROM ts) AS m, COUNT(*) AS n FROM t GROUP BY EXTRACT(YEAR FROM ts), EXTRACT(MONTH FROM ts)
SELECT 'all' AS k, COUNT(*) AS n, SUM(id) AS s FROM t GROUP BY 1
SELECT CAST(ts AS DATE) AS k, COUNT(*) AS n FROM t GROUP BY CAST(ts AS DATE)
SELECT g, ROUND(AVG(id), 2) AS a FROM t GROUP BY g
SELECT g, CAST(SUM(p) AS DECIMAL(18, 2)) AS a FROM t GROUP BY g
-- joins
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.i = b.i
SELECT a.id, b.id AS bid FROM t a LEFT JOIN u b ON a.i = b.i
SELECT a.id, b.id AS bid FROM t a RIGHT JOIN u b ON a.i = b.i
SELECT a.id, b.id AS bid FROM t a FULL JOIN u b ON a.i = b.i
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.i = b.i AND a.id < b.id
SELECT a.id, b.id AS bid FROM t a LEFT JOIN u b ON a.i = b.i AND a.id < b.id
SELECT a.id, b.id AS bid FROM t a RIGHT JOIN u b ON a.i = b.i AND a.id < b.id
SELECT a.id, b.id AS bid FROM t a FULL JOIN u b ON a.i = b.i AND a.id < b.id AND a.b
SELECT a.id, b.id AS bid FROM t a FULL JOIN u b ON a.id = b.id AND a.i > 0
SELECT a.id, b.id AS bid FROM t a JOIN u b USING (id)
SELECT id, a.g, b.g AS h FROM t a JOIN u b USING (id)
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.l = b.i
SELECT a.id, b.id AS bid FROM t a JOIN u b ON b.l = MOD(a.l, 100)
SELECT a.id, b.id AS bid FROM t a LEFT JOIN u b ON b.l = a.i
SELECT a.id, b.id AS bid FROM t a JOIN u b ON b.d = a.i
SELECT a.g, COUNT(*) AS n FROM t a JOIN u b ON b.i = MOD(a.l, 10) WHERE a.g = 'x' GROUP BY a.g
SELECT a.g, COUNT(*) AS n, SUM(b.i) AS s FROM t a JOIN u b ON a.id = b.id GROUP BY a.g
SELECT a.g, COUNT(*) AS n FROM t a JOIN u b ON a.g = b.g GROUP BY a.g
SELECT a.g, COUNT(*) AS n, COUNT(b.id) AS m FROM t a LEFT JOIN u b ON a.g = b.g AND b.i = 3 GROUP BY a.g
SELECT b.g, COUNT(*) AS n, AVG(a.d) AS x FROM t a RIGHT JOIN u b ON a.g = b.g AND ABS(a.d) < 10 GROUP BY b.g HAVING COUNT(*) > 1
SELECT a.id, b.id AS bid, c.id AS cid FROM t a JOIN u b ON a.id = b.id JOIN t c ON b.id = c.i
SELECT a.id, b.id AS bid, c.id AS cid FROM t a LEFT JOIN u b ON a.id = b.id LEFT JOIN t c ON b.id = c.id
SELECT a.id, b.id AS bid, c.id AS cid FROM t a JOIN u b ON a.id = b.id JOIN t c ON a.id = c.id
SELECT a.id, b.id AS bid FROM t a, u b WHERE a.id = b.i
SELECT a.id, b.id AS bid FROM t a, u b WHERE a.id = b.i AND a.g = b.g AND a.i > 0
SELECT a.id, b.id AS bid, c.g FROM t a, u b, t c WHERE a.id = b.i AND c.id = b.id
SELECT a.id, b.id AS bid, c.g FROM t a, u b, t c WHERE a.id = c.i AND c.id = b.id
SELECT a.id, b.id AS bid FROM t a CROSS JOIN u b WHERE a.id < 3 AND b.id < 4
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.id < b.id AND b.id < 9
SELECT a.id, b.id AS bid FROM t a LEFT JOIN u b ON a.id > b.id AND b.id < 5 AND a.id < 20
SELECT a.id, b.l FROM t a JOIN u b ON a.i = b.l
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.d = b.i
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.p = b.d
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.d = b.d
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.s = b.s
SELECT a.id, b.id AS bid FROM t a JOIN u b ON UPPER(a.s) = UPPER(b.s)
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.id + 1 = b.id * 2
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.i IS NOT DISTINCT FROM b.i AND a.id < 10
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.b = b.b AND a.id = b.id
SELECT a.id FROM t a JOIN e b ON a.id = b.id
SELECT a.id, b.id AS bid FROM t a LEFT JOIN e b ON a.id = b.id
SELECT a.id, b.id AS bid FROM e a FULL JOIN u b ON a.id = b.id
SELECT COUNT(*) AS n FROM e a FULL JOIN e b ON a.id = b.id
SELECT a.g, b.n FROM t a JOIN (SELECT g, COUNT(*) AS n FROM u GROUP BY g) b ON a.g = b.g
SELECT a.g, a.n, b.n AS m FROM (SELECT g, COUNT(*) AS n FROM t GROUP BY g) a FULL JOIN (SELECT s, COUNT(*) AS n FROM u GROUP BY s) b ON a.g = b.s
SELECT x.g, SUM(x.n) AS n FROM (SELECT a.g, COUNT(*) AS n FROM t a JOIN u b ON a.g = b.g GROUP BY a.g) x GROUP BY x.g
SELECT a.id, b.id AS bid FROM (SELECT * FROM t WHERE i > 0) a JOIN (SELECT * FROM u WHERE i < 5) b ON a.i = b.i
SELECT a.id, COALESCE(b.i, -1) AS i FROM t a LEFT JOIN u b ON a.id = b.id WHERE b.id IS NULL OR b.i > 0
-- totals, sets of groups
SELECT COUNT(*) AS n FROM t
SELECT COUNT(*) AS n, SUM(i) AS s, MIN(g) AS g, AVG(d) AS x FROM t WHERE i < 1000 AND i > -1000 AND ABS(d) < 1e100
SELECT COUNT(*) AS n, SUM(i) AS s, MAX(g) AS g FROM e
SELECT COUNT(*) AS n FROM t HAVING COUNT(*) > 1000
SELECT COUNT(*) + 1 AS n FROM e HAVING COUNT(*) = 0
SELECT COUNT(*) AS n FROM t GROUP BY ()
SELECT g, b, COUNT(*) AS n FROM t GROUP BY ROLLUP(g, b)
SELECT g, b, COUNT(*) AS n, SUM(id) AS s FROM t GROUP BY CUBE(g, b)
SELECT g, b, COUNT(*) AS n FROM t GROUP BY GROUPING SETS ((g), (b), ())
SELECT g, b, GROUPING(g) AS gg, GROUPING(b) AS gb, COUNT(*) AS n FROM t GROUP BY ROLLUP(g, b)
SELECT g, b, COUNT(*) AS n FROM t GROUP BY g, ROLLUP(b)
SELECT g, COUNT(*) AS n FROM e GROUP BY ROLLUP(g)
SELECT g, b, COUNT(*) AS n FROM t GROUP BY CUBE(g, b) HAVING COUNT(*) > 10
SELECT a.g, b.b, COUNT(*) AS n FROM t a JOIN u b ON a.id = b.id GROUP BY ROLLUP(a.g, b.b)
-- distinct and sets
SELECT DISTINCT g FROM t
SELECT DISTINCT g, b FROM t
SELECT DISTINCT i FROM t WHERE i > 2
SELECT DISTINCT d FROM t
SELECT DISTINCT a.g, b.b FROM t a JOIN u b ON a.id = b.id
SELECT g FROM t UNION SELECT g FROM u
SELECT g, i FROM t UNION SELECT g, i FROM u
SELECT g FROM t UNION ALL SELECT g FROM u UNION SELECT s FROM t
SELECT g FROM t INTERSECT SELECT g FROM u
SELECT i FROM t INTERSECT SELECT i FROM u
SELECT i FROM t EXCEPT SELECT i FROM u
SELECT s FROM t EXCEPT SELECT g FROM u EXCEPT SELECT s FROM u
SELECT g, COUNT(*) AS n FROM t GROUP BY g UNION ALL SELECT s, COUNT(*) FROM u GROUP BY s
SELECT g, COUNT(*) AS n FROM t GROUP BY g UNION SELECT g, COUNT(*) FROM t GROUP BY g
SELECT 'all' AS g, COUNT(*) AS n FROM t UNION ALL SELECT g, COUNT(*) FROM t GROUP BY g
SELECT m.g, COUNT(*) AS n FROM (SELECT g FROM t UNION SELECT g FROM u) m GROUP BY m.g
-- order and limit
SELECT id, i FROM t ORDER BY id LIMIT 5
SELECT id, i FROM t ORDER BY id DESC LIMIT 5
SELECT id, i FROM t ORDER BY i NULLS LAST, id LIMIT 7
SELECT id, d FROM t ORDER BY d DESC NULLS LAST, id LIMIT 7 OFFSET 3
SELECT id, s FROM t ORDER BY s NULLS FIRST, id OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY
SELECT g, COUNT(*) AS n FROM t GROUP BY g ORDER BY n DESC, g LIMIT 3
SELECT g, COUNT(*) AS n FROM t GROUP BY g ORDER BY 2, 1 LIMIT 2
SELECT id FROM t ORDER BY i + CAST(id AS BIGINT) DESC NULLS LAST, id LIMIT 4
SELECT id FROM t ORDER BY id
SELECT x.g FROM (SELECT g, id FROM t ORDER BY id LIMIT 10) x
SELECT x.g, COUNT(*) AS n FROM (SELECT g, id FROM t ORDER BY id LIMIT 30) x GROUP BY x.g
SELECT a.id, b.id AS bid FROM t a JOIN u b ON a.i = b.i ORDER BY a.id, b.id LIMIT 6
-- WITH
WITH x AS (SELECT g, COUNT(*) AS n FROM t GROUP BY g), y AS (SELECT g, SUM(id) AS s FROM u GROUP BY g) SELECT x.g, x.n, y.s FROM x JOIN y ON x.g = y.g
WITH x AS (SELECT g, COUNT(*) AS n FROM t GROUP BY g) SELECT a.g, a.n, b.n AS m FROM x a JOIN x b ON a.n > b.n
WITH x AS (SELECT g, COUNT(*) AS n FROM t GROUP BY g) SELECT MAX(n) AS m FROM x
-- subqueries
SELECT id FROM t WHERE i IN (SELECT i FROM u)
SELECT id FROM t WHERE id NOT IN (SELECT id FROM u)
SELECT id FROM t WHERE i NOT IN (SELECT i FROM u WHERE i IS NOT NULL)
SELECT id FROM t WHERE i NOT IN (SELECT i FROM u)
SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id AND u.i > 0)
SELECT id FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.i = t.i)
SELECT id FROM t WHERE (g, b) IN (SELECT g, b FROM u)
SELECT id FROM t WHERE d > (SELECT AVG(d) FROM t WHERE d < 1000)
SELECT id FROM t WHERE id = (SELECT MAX(id) FROM u)
SELECT id, (SELECT COUNT(*) FROM u WHERE u.g = t.g) AS n FROM t
SELECT id, (SELECT MAX(u.i) FROM u WHERE u.g = t.g AND u.i < 100) AS n FROM t
SELECT id FROM t WHERE id > (SELECT AVG(u.id) FROM u WHERE u.g = t.g)
SELECT g, COUNT(*) AS n FROM t GROUP BY g HAVING COUNT(*) > (SELECT COUNT(*) FROM t) / 6
SELECT g, COUNT(*) AS n FROM t WHERE i IN (SELECT i FROM u WHERE b) GROUP BY g
SELECT id FROM t WHERE i IN (SELECT i FROM u) OR id < 5
SELECT id FROM t WHERE id < ALL (SELECT id + 10 FROM u)
SELECT id FROM t WHERE i > SOME (SELECT i FROM u WHERE i < 3)
SELECT id, i IN (SELECT i FROM u WHERE i IS NOT NULL) AS x FROM t WHERE i IS NOT NULL
SELECT a.id FROM t a JOIN u b ON a.id = b.id WHERE a.g IN (SELECT g FROM u WHERE id < 3)
SELECT COUNT(*) AS n FROM t WHERE EXISTS (SELECT * FROM u WHERE u.id = t.i AND EXISTS (SELECT * FROM t v WHERE v.id = u.i))
-- windows
SELECT id, ROW_NUMBER() OVER (PARTITION BY g ORDER BY id) AS n FROM t
SELECT id, RANK() OVER (PARTITION BY g ORDER BY i NULLS LAST) AS n, DENSE_RANK() OVER (PARTITION BY g ORDER BY i NULLS LAST) AS m FROM t
SELECT id, PERCENT_RANK() OVER (PARTITION BY g ORDER BY i NULLS FIRST) AS n, CUME_DIST() OVER (PARTITION BY g ORDER BY i NULLS FIRST) AS m FROM t
SELECT id, NTILE(4) OVER (PARTITION BY g ORDER BY id) AS n FROM t
SELECT id, LAG(i) OVER (PARTITION BY g ORDER BY id) AS a, LEAD(i, 2) OVER (PARTITION BY g ORDER BY id) AS b, LAG(i, 1, -1) OVER (PARTITION BY g ORDER BY id) AS c FROM t
SELECT id, FIRST_VALUE(i) OVER (PARTITION BY g ORDER BY id) AS a, LAST_VALUE(i) OVER (PARTITION BY g ORDER BY id) AS b FROM t
SELECT id, NTH_VALUE(i, 2) OVER (PARTITION BY g ORDER BY id) AS a FROM t
SELECT id, SUM(id) OVER (PARTITION BY g ORDER BY id) AS s FROM t
SELECT id, SUM(id) OVER (PARTITION BY g) AS s, COUNT(*) OVER (PARTITION BY g) AS n, MAX(i) OVER (PARTITION BY g) AS m FROM t
SELECT id, SUM(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM t
SELECT id, SUM(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS s, COUNT(i) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS c FROM t
SELECT id, COUNT(*) OVER (ORDER BY i NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s FROM t
SELECT id, COUNT(*) OVER (PARTITION BY g ORDER BY id RANGE BETWEEN 10 PRECEDING AND 5 FOLLOWING) AS s FROM t
SELECT id, COUNT(*) OVER (PARTITION BY g ORDER BY id DESC RANGE BETWEEN 10 PRECEDING AND 5 FOLLOWING) AS s FROM t
SELECT id, AVG(id) OVER (PARTITION BY g) AS s FROM t
SELECT id, MIN(d) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS s FROM t
SELECT g, n, RANK() OVER (ORDER BY n DESC) AS r FROM (SELECT g, COUNT(*) AS n FROM t GROUP BY g) x
SELECT g, COUNT(*) AS n, SUM(COUNT(*)) OVER () AS s FROM t GROUP BY g
SELECT x.id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY g ORDER BY id DESC) AS n FROM t) x WHERE x.n <= 2
SELECT id, g FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY g ORDER BY id DESC) = 1
-- postgres [no QUALIFY]: SELECT id, g FROM (SELECT id, g, ROW_NUMBER() OVER (PARTITION BY g ORDER BY id DESC) AS n FROM t) x WHERE n = 1
SELECT a.id, ROW_NUMBER() OVER (PARTITION BY a.g ORDER BY a.id, b.id) AS n FROM t a JOIN u b ON a.g = b.g AND b.id < 4
SELECT id, SUM(id) OVER w AS s, COUNT(*) OVER w AS n FROM t WINDOW w AS (PARTITION BY g ORDER BY id)
SELECT DISTINCT g, COUNT(*) OVER (PARTITION BY g) AS n FROM t

-- Aggregates with FILTER; its condition comes before the arguments
SELECT g, COUNT(*) FILTER (WHERE i > 0) AS a, SUM(i) FILTER (WHERE b) AS b2, AVG(id) FILTER (WHERE s IS NULL) AS c FROM t GROUP BY g
SELECT g, SUM(100 / i) FILTER (WHERE i <> 0) AS a, MAX(100 / i) FILTER (WHERE i > 0) AS b2, COUNT(*) AS n FROM t GROUP BY g
-- duckdb [FILTER comes after the arguments]: SELECT g, SUM(CASE WHEN i <> 0 THEN 100 // i END), MAX(CASE WHEN i > 0 THEN 100 // i END), COUNT(*) FROM t GROUP BY g
SELECT g, COUNT(DISTINCT i) FILTER (WHERE i > 0) AS a, MIN(s) FILTER (WHERE b) AS b2, MIN(s) AS c FROM t GROUP BY g
SELECT id > 10 AS k, s, COUNT(*) FILTER (WHERE FALSE) AS a, SUM(id) FILTER (WHERE id < 0) AS b2 FROM t GROUP BY 1, 2
SELECT MOD(id, 3) AS k, SUM(id * 2) FILTER (WHERE id > 5) + SUM(id * 2) AS a FROM t GROUP BY 1

-- Aggregates of different values
SELECT g, COUNT(DISTINCT i) AS a, COUNT(DISTINCT s) AS b2, COUNT(DISTINCT d) AS c, COUNT(DISTINCT p) AS e1 FROM t GROUP BY g
SELECT g, COUNT(DISTINCT b) AS a, COUNT(DISTINCT dt) AS b2, COUNT(DISTINCT ts) AS c, COUNT(DISTINCT r) AS e1, COUNT(DISTINCT l) AS f FROM t GROUP BY g
SELECT g, SUM(DISTINCT i) AS a, AVG(DISTINCT i) AS b2, SUM(DISTINCT p) AS c, SUM(DISTINCT id) AS e1 FROM t GROUP BY g
SELECT g, SUM(DISTINCT d) AS a, AVG(DISTINCT d) AS b2 FROM t WHERE ABS(d) < 1e100 GROUP BY g
SELECT g, COUNT(DISTINCT i, s) AS a FROM t GROUP BY g
-- duckdb, postgres [no COUNT of several]: SELECT g, COUNT(DISTINCT (i, s)) FILTER (WHERE i IS NOT NULL AND s IS NOT NULL) FROM t GROUP BY g
SELECT g, COUNT(i, s) AS a FROM t GROUP BY g
-- duckdb, postgres [no COUNT of several]: SELECT g, COUNT(*) FILTER (WHERE i IS NOT NULL AND s IS NOT NULL) FROM t GROUP BY g
SELECT g, MIN(DISTINCT i) AS a, MAX(DISTINCT s) AS b2, COUNT(DISTINCT UPPER(s)) AS c FROM t WHERE s < 'b' OR s IS NULL GROUP BY g
SELECT g, COUNT(DISTINCT i) AS a FROM e GROUP BY g
SELECT b, COUNT(DISTINCT g) AS n, COUNT(*) AS m FROM t GROUP BY b HAVING COUNT(DISTINCT g) > 1

-- Variances, standard deviations, covariances and regressions
SELECT g, VAR_POP(id) AS a, VAR_SAMP(id) AS b2, STDDEV_POP(id) AS c, STDDEV_SAMP(id) AS e1, STDDEV(id) AS f, VARIANCE(id) AS h FROM t GROUP BY g
SELECT g, VAR_POP(i) AS a, STDDEV(i) AS b2, VAR_SAMP(p) AS c, STDDEV_POP(p) AS e1 FROM t GROUP BY g
SELECT g, VAR_POP(l) AS a, STDDEV_SAMP(l) AS b2 FROM t GROUP BY g
SELECT g, VAR_POP(d) AS a, VAR_SAMP(d) AS b2, STDDEV_POP(d) AS c, STDDEV_SAMP(d) AS e1, VAR_POP(r) AS f FROM t WHERE ABS(d) < 1e100 AND ABS(r) < 1e30 GROUP BY g
SELECT id, VAR_POP(d) AS a, VAR_SAMP(d) AS b2, STDDEV_POP(i) AS c, STDDEV_SAMP(i) AS e1 FROM t WHERE ABS(d) < 1e100 GROUP BY id
SELECT g, STDDEV(DISTINCT i) AS a FROM t GROUP BY g
SELECT g, COVAR_POP(id, i) AS a, COVAR_SAMP(id, i) AS b2, CORR(id, i) AS c FROM t GROUP BY g
-- duckdb [of one row it is NaN]: SELECT g, COVAR_POP(id, i), COVAR_SAMP(id, i), NULLIF(CORR(id, i), 'NaN') FROM t GROUP BY g
SELECT g, REGR_COUNT(id, i) AS a, REGR_AVGX(id, i) AS b2, REGR_AVGY(id, i) AS c, REGR_SXX(id, i) AS e1, REGR_SYY(id, i) AS f FROM t GROUP BY g
SELECT g, REGR_SXY(id, i) AS a, REGR_SLOPE(id, i) AS b2, REGR_INTERCEPT(id, i) AS c, REGR_R2(id, i) AS e1 FROM t GROUP BY g
-- duckdb [of one row it is NaN]: SELECT g, REGR_SXY(id, i), NULLIF(REGR_SLOPE(id, i), 'NaN'), REGR_INTERCEPT(id, i), REGR_R2(id, i) FROM t GROUP BY g

-- Booleans, bits, and any value (the least, to be the same in every run)
SELECT g, BOOL_AND(b) AS a, BOOL_OR(b) AS b2, EVERY(b) AS c FROM t GROUP BY g
-- duckdb [no EVERY]: SELECT g, BOOL_AND(b), BOOL_OR(b), BOOL_AND(b) FROM t GROUP BY g
SELECT g, BIT_AND(i) AS a, BIT_OR(i) AS b2, BIT_XOR(i) AS c, BIT_XOR(l) AS e1, BIT_XOR(DISTINCT i) AS f FROM t GROUP BY g
SELECT g, ANY_VALUE(s) AS a, ANY_VALUE(i) AS b2 FROM t GROUP BY g
-- duckdb, postgres [ANY_VALUE is any; ours is the least]: SELECT g, MIN(s), MIN(i) FROM t GROUP BY g

-- PostgreSQL's casts, and all columns but some
SELECT id, i::BIGINT AS a, i::VARCHAR || '!' AS b2, '12'::INTEGER + 1 AS c, ts::DATE AS e1 FROM t
SELECT * EXCLUDE (s, g, ts) FROM t
-- postgres [no EXCLUDE]: SELECT id, i, l, r, d, b, p, dt, xs, ws FROM t

-- Aggregates to which order matters: event time, which is (id * 37) % 50 here, then the place
SELECT g, FIRST_VALUE(s) AS a, LAST_VALUE(s) AS b2, FIRST_VALUE(i) AS c, LAST_VALUE(p) AS e1 FROM t GROUP BY g
-- duckdb [no FIRST_VALUE without a window]: SELECT g, FIRST(s ORDER BY (id * 37) % 50, id) FILTER (WHERE s IS NOT NULL), LAST(s ORDER BY (id * 37) % 50, id) FILTER (WHERE s IS NOT NULL), FIRST(i ORDER BY (id * 37) % 50, id) FILTER (WHERE i IS NOT NULL), LAST(p ORDER BY (id * 37) % 50, id) FILTER (WHERE p IS NOT NULL) FROM t GROUP BY g
-- postgres [no FIRST_VALUE without a window]: SELECT g, (ARRAY_AGG(s ORDER BY id * 37 % 50, id) FILTER (WHERE s IS NOT NULL))[1], (ARRAY_AGG(s ORDER BY id * 37 % 50 DESC, id DESC) FILTER (WHERE s IS NOT NULL))[1], (ARRAY_AGG(i ORDER BY id * 37 % 50, id) FILTER (WHERE i IS NOT NULL))[1], (ARRAY_AGG(p ORDER BY id * 37 % 50 DESC, id DESC) FILTER (WHERE p IS NOT NULL))[1] FROM t GROUP BY g
SELECT g, FIRST_VALUE(id) FILTER (WHERE b) AS a, LAST_VALUE(id + 1) FILTER (WHERE i > 0) AS b2 FROM t GROUP BY g
-- duckdb [no FIRST_VALUE without a window]: SELECT g, FIRST(id ORDER BY (id * 37) % 50, id) FILTER (WHERE b), LAST(id + 1 ORDER BY (id * 37) % 50, id) FILTER (WHERE i > 0) FROM t GROUP BY g
-- postgres [no FIRST_VALUE without a window]: SELECT g, (ARRAY_AGG(id ORDER BY id * 37 % 50, id) FILTER (WHERE b))[1], (ARRAY_AGG(id + 1 ORDER BY id * 37 % 50 DESC, id DESC) FILTER (WHERE i > 0))[1] FROM t GROUP BY g
SELECT g, ARG_MIN(id, i) AS a, ARG_MAX(id, i) AS b2, MIN_BY(s, id) AS c, MAX_BY(s, id) AS e1 FROM t GROUP BY g
-- postgres [no ARG_MIN]: SELECT g, (ARRAY_AGG(id ORDER BY i, id * 37 % 50, id) FILTER (WHERE i IS NOT NULL))[1], (ARRAY_AGG(id ORDER BY i DESC, id * 37 % 50, id) FILTER (WHERE i IS NOT NULL))[1], (ARRAY_AGG(s ORDER BY id) FILTER (WHERE s IS NOT NULL))[1], (ARRAY_AGG(s ORDER BY id DESC) FILTER (WHERE s IS NOT NULL))[1] FROM t GROUP BY g
SELECT g, STRING_AGG(s, ',') AS a, LISTAGG(s) AS b2 FROM t GROUP BY g
-- duckdb, postgres [no order of its own]: SELECT g, STRING_AGG(s, ',' ORDER BY (id * 37) % 50, id), STRING_AGG(s, '' ORDER BY (id * 37) % 50, id) FROM t GROUP BY g
SELECT g, STRING_AGG(s, ', ' ORDER BY id DESC) AS a, LISTAGG(s, '|') WITHIN GROUP (ORDER BY i NULLS FIRST, id) AS b2 FROM t GROUP BY g
-- duckdb, postgres [no WITHIN GROUP for LISTAGG]: SELECT g, STRING_AGG(s, ', ' ORDER BY id DESC), STRING_AGG(s, '|' ORDER BY i NULLS FIRST, id) FROM t GROUP BY g
SELECT g, STRING_AGG(DISTINCT s, ',' ORDER BY s) AS a, LISTAGG(CAST(id AS VARCHAR), '-') WITHIN GROUP (ORDER BY d DESC NULLS LAST, id) FILTER (WHERE b) AS b2 FROM t GROUP BY g
-- duckdb, postgres [no WITHIN GROUP for LISTAGG]: SELECT g, STRING_AGG(DISTINCT s, ',' ORDER BY s), STRING_AGG(CAST(id AS VARCHAR), '-' ORDER BY CASE WHEN d IS NULL THEN 1 ELSE 0 END, d DESC, id) FILTER (WHERE b) FROM t GROUP BY g
SELECT g, CARDINALITY(ARRAY_AGG(i)) AS a, CARDINALITY(ARRAY_AGG(DISTINCT i)) AS b2, ARRAY_AGG(id ORDER BY i, id)[1] AS c FROM t GROUP BY g
-- postgres [an element of a call needs parentheses]: SELECT g, CARDINALITY(ARRAY_AGG(i)), CARDINALITY(ARRAY_AGG(DISTINCT i)), (ARRAY_AGG(id ORDER BY i, id))[1] FROM t GROUP BY g
SELECT x, STRING_AGG(s, ',') AS a FROM (SELECT id > 5 AS x, s FROM t UNION ALL SELECT id > 7, g FROM t WHERE id < 20 UNION ALL SELECT TRUE, s FROM u) AS v GROUP BY x
-- duckdb, postgres [no order of its own]: SELECT x, STRING_AGG(s, ',' ORDER BY o, src, id, br) FROM (SELECT id > 5 AS x, s, (id * 37) % 50 AS o, 1 AS src, id, 0 AS br FROM t UNION ALL SELECT id > 7, g, (id * 37) % 50, 1, id, 1 FROM t WHERE id < 20 UNION ALL SELECT TRUE, s, (id * 37) % 50, 2, id, 2 FROM u) AS v GROUP BY x

-- Frequencies and percentiles
SELECT g, MODE(CASE WHEN b THEN 'b' WHEN NOT b THEN 'n' END) AS a FROM t WHERE id < 101 GROUP BY g HAVING COUNT(*) FILTER (WHERE b) <> COUNT(*) FILTER (WHERE NOT b)
-- postgres [MODE WITHIN GROUP]: SELECT g, MODE() WITHIN GROUP (ORDER BY CASE WHEN b THEN 'b' WHEN NOT b THEN 'n' END) FROM t WHERE id < 101 GROUP BY g HAVING COUNT(*) FILTER (WHERE b) <> COUNT(*) FILTER (WHERE NOT b)
SELECT g, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY id) AS a, PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY i DESC) AS b2, PERCENTILE_CONT(0) WITHIN GROUP (ORDER BY d) AS c FROM t GROUP BY g
SELECT g, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY id) AS a, PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY p) AS b2, PERCENTILE_DISC(1) WITHIN GROUP (ORDER BY d) AS c FROM t GROUP BY g
SELECT g, PERCENTILE_DISC(0.3) WITHIN GROUP (ORDER BY CASE WHEN i > 0 THEN i END) AS a, PERCENTILE_CONT(0.3) WITHIN GROUP (ORDER BY i) AS b2 FROM t GROUP BY g
SELECT g, CASE WHEN ABS(APPROX_PERCENTILE(id, 0.5) - PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY id)) <= 0.004 * PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY id) THEN 'near' ELSE 'far' END AS a FROM t GROUP BY g
-- duckdb, postgres [other approximations; said exactly]: SELECT g, 'near' FROM t GROUP BY g
SELECT g, APPROX_COUNT_DISTINCT(i) AS a, APPROX_COUNT_DISTINCT(s) AS b2 FROM t GROUP BY g
-- postgres [other approximations; said exactly]: SELECT g, COUNT(DISTINCT i), COUNT(DISTINCT s) FROM t GROUP BY g

-- Functions beside the standard's. Strings
SELECT id, LEFT(s, 2) AS a, RIGHT(s, 2) AS b2, LEFT(s, -1) AS c, RIGHT(s, -1) AS e1, LEFT(s, 0) AS f FROM t
SELECT id, LPAD(s, 5, 'xy') AS a, RPAD(s, 5, 'xy') AS b2, LPAD(s, 2, ' ') AS c, RPAD(s, 1, '-') AS e1 FROM t
SELECT id, LPAD(s, 4) AS a, RPAD(g, 3) AS b2 FROM t
-- duckdb [no LPAD without a fill]: SELECT id, LPAD(s, 4, ' '), RPAD(g, 3, ' ') FROM t
SELECT id, LTRIM(s) AS a, RTRIM(s) AS b2, LTRIM(s, 'ab') AS c, RTRIM(s, 'cb') AS e1 FROM t
SELECT id, BTRIM(s) AS a, BTRIM(s, 'a c') AS b2 FROM t
-- duckdb [no BTRIM]: SELECT id, TRIM(s), TRIM(s, 'a c') FROM t
SELECT id, REPEAT(g, 3) AS a, REPEAT(s, 0) AS b2, REVERSE(g) AS c, LENGTH(s) AS e1, STRPOS(s, 'b') AS f FROM t
SELECT id, SPLIT_PART('a,b,,c', ',', id) AS a, SPLIT_PART(s, 'b', 1) AS b2, SPLIT_PART(s, 'b', -1) AS c FROM t WHERE id > 0
SELECT id, TRANSLATE(s, 'abz', 'xy') AS a, CHR(65 + id) AS b2, ASCII(s) AS c FROM t WHERE id BETWEEN 0 AND 50 AND s <> ''
SELECT id, INITCAP('hello wORLD-x ' || g) AS a FROM t WHERE g <> 'ä'
-- duckdb [no INITCAP]: SELECT id, 'Hello World-X ' || upper(g) AS a FROM t WHERE g <> 'ä'
SELECT id, CONCAT(s, '-', i, b) AS a, CONCAT(g, g) AS b2, CONCAT(dt, p) AS c FROM t WHERE dt > DATE '0001-01-01' OR dt IS NULL
-- postgres [CONCAT says t and f]: SELECT id, CONCAT(s, '-', i, CAST(b AS VARCHAR)), CONCAT(g, g), CONCAT(dt, p) FROM t WHERE dt > DATE '0001-01-01' OR dt IS NULL
SELECT id, STARTS_WITH(s, 'a') AS a, ENDS_WITH(s, 'c') AS b2, SUBSTR(s, 2) AS c, SUBSTR(s, 2, 1) AS e1 FROM t
-- postgres [no ENDS_WITH]: SELECT id, STARTS_WITH(s, 'a'), s LIKE '%c', SUBSTR(s, 2), SUBSTR(s, 2, 1) FROM t
SELECT id, MD5(s) AS a, SHA256(s) AS b2 FROM t
-- postgres [SHA256 is of bytes]: SELECT id, MD5(s), ENCODE(SHA256(CONVERT_TO(s, 'UTF8')), 'hex') FROM t
SELECT id, SHA1(s) AS a FROM t
-- postgres [no SHA1]
SELECT id, s ILIKE 'a%' AS a, s NOT ILIKE '%B%' AS b2, g ILIKE 'Ä' AS c FROM t

-- Regular expressions
SELECT id, s ~ '^[a-c]+$' AS a, s ~* 'ABC' AS b2, s !~ 'b' AS c, s !~* 'B' AS e1 FROM t
SELECT id, REGEXP_LIKE(s, 'b') AS a, REGEXP_LIKE(s, 'B', 'i') AS b2, REGEXP_SUBSTR(s, '[bc]+') AS c FROM t
-- duckdb [no REGEXP_LIKE]: SELECT id, REGEXP_MATCHES(s, 'b'), REGEXP_MATCHES(s, 'B', 'i'), CASE WHEN REGEXP_MATCHES(s, '[bc]+') THEN REGEXP_EXTRACT(s, '[bc]+') END FROM t
SELECT id, REGEXP_REPLACE(s, '[a-c]', 'X') AS a, REGEXP_REPLACE(s, '([a-c])', '<\1>', 'g') AS b2, REGEXP_REPLACE(s, 'a', '$1') AS c FROM t
SELECT id, s SIMILAR TO '(a|b)%' AS a, s NOT SIMILAR TO '_b_' AS b2 FROM t
-- duckdb [its SIMILAR TO takes a regular expression]: SELECT id, REGEXP_FULL_MATCH(s, '(a|b).*'), NOT REGEXP_FULL_MATCH(s, '.b.') FROM t
SELECT g, COUNT(*) FILTER (WHERE s ~ '[0-9]') AS n FROM t GROUP BY g

-- Numbers and conditions
SELECT id, GREATEST(i, id) AS a, LEAST(i, id, 5) AS b2, GREATEST(s, g) AS c, LEAST(d, r) AS e1 FROM t
SELECT id, NVL(i, 0) AS a, IFNULL(s, 'none') AS b2, IF(i > 0, 'p', 'n') AS c FROM t
-- duckdb, postgres [no NVL, no IF]: SELECT id, COALESCE(i, 0), COALESCE(s, 'none'), CASE WHEN i > 0 THEN 'p' ELSE 'n' END FROM t
SELECT id, LOG(ABS(d) + 1) AS a, LOG(2, 8) AS b2, LOG2(ABS(d) + 1) AS c, POW(id, 2) AS e1 FROM t WHERE ABS(d) < 1e100
-- postgres [no LOG2]: SELECT id, LOG(ABS(d) + 1), LOG(2, 8), LN(ABS(d) + 1) / LN(2E0), POW(id, 2) FROM t WHERE ABS(d) < 1e100
SELECT id, TRUNC(d) AS a, TRUNC(p) AS b2, TRUNC(i) AS c FROM t
SELECT id, CBRT(d) AS a FROM t WHERE ABS(d) < 1e100

-- Dates
SELECT id, DATE_TRUNC('month', ts) AS a, DATE_TRUNC('hour', ts) AS b2, DATE_TRUNC('week', ts) AS c, DATE_TRUNC('quarter', ts) AS e1, DATE_TRUNC('minute', ts) AS f FROM t
SELECT id, DATE_TRUNC('second', ts) AS a, DATE_TRUNC('decade', ts) AS b2, DATE_TRUNC('milliseconds', ts) AS e1, DATE_TRUNC('day', ts) AS f FROM t
SELECT id, CAST(DATE_TRUNC('year', dt) AS DATE) AS a FROM t
SELECT id, DATE_PART('year', ts) AS a, DATE_PART('isodow', ts) AS b2, DATE_PART('week', dt) AS c, DATE_PART('doy', ts) AS e1, DATE_PART('isoyear', ts) AS f, DATE_PART('dow', ts) AS h FROM t
SELECT id, DATE_PART('hour', ts) AS a, DATE_PART('milliseconds', ts) AS b2, DATE_PART('quarter', dt) AS c, DATE_PART('second', ts) AS e1 FROM t
-- postgres [seconds have fractions]: SELECT id, DATE_PART('hour', ts), DATE_PART('milliseconds', ts), DATE_PART('quarter', dt), FLOOR(DATE_PART('second', ts)) FROM t
SELECT id, DATE_PART('epoch', ts) AS a, EXTRACT(ISODOW FROM ts) AS b2, EXTRACT(DOY FROM ts) AS c FROM t
-- duckdb [epoch has fractions]: SELECT id, CAST(FLOOR(EPOCH(ts)) AS BIGINT), EXTRACT(ISODOW FROM ts), EXTRACT(DOY FROM ts) FROM t
-- postgres [seconds have fractions]: SELECT id, FLOOR(DATE_PART('epoch', ts)), EXTRACT(ISODOW FROM ts), EXTRACT(DOY FROM ts) FROM t
SELECT id, TO_CHAR(ts, 'YYYY-MM-DD HH24:MI:SS.MS') AS a, TO_CHAR(dt, 'DD/MM/YYYY') AS b2, TO_CHAR(ts, 'Mon Dy "at" HH12 AM') AS c FROM t WHERE ts > TIMESTAMP '1000-01-01 00:00:00' AND dt > DATE '1000-01-01'
-- duckdb [no TO_CHAR]: SELECT id, STRFTIME(ts, '%Y-%m-%d %H:%M:%S.%g'), STRFTIME(dt, '%d/%m/%Y'), STRFTIME(ts, '%b %a at %I %p') FROM t WHERE ts > TIMESTAMP '1000-01-01 00:00:00' AND dt > DATE '1000-01-01'
SELECT id, TO_DATE('29.02.2024', 'DD.MM.YYYY') AS a, TO_TIMESTAMP('2024-02-29 13:14', 'YYYY-MM-DD HH24:MI') AS b2, TO_TIMESTAMP(1709212440.5) AS c, MAKE_DATE(2024, 2, 29) AS e1 FROM t
-- duckdb [no TO_DATE]: SELECT id, DATE '2024-02-29', TIMESTAMP '2024-02-29 13:14:00', TIMESTAMP '2024-02-29 13:14:00.5', DATE '2024-02-29' FROM t
-- postgres [TO_TIMESTAMP has a zone]: SELECT id, TO_DATE('29.02.2024', 'DD.MM.YYYY'), CAST(TO_TIMESTAMP('2024-02-29 13:14', 'YYYY-MM-DD HH24:MI') AS TIMESTAMP), TO_TIMESTAMP(1709212440.5) AT TIME ZONE 'UTC', MAKE_DATE(2024, 2, 29) FROM t

-- JSON
SELECT id, JSON_VALUE('{"a": {"b": "x' || g || '"}}', '$.a.b') AS a, JSON_EXISTS('{"a": 1}', '$.a') AS b2, JSON_QUERY('{"a": [1, 2]}', '$.a') AS c FROM t
-- duckdb [its JSON functions give JSON, not text]: SELECT id, 'x' || g, TRUE, '[1,2]' FROM t
-- postgres [JSON_QUERY spaces its text]: SELECT id, JSON_VALUE('{"a": {"b": "x' || g || '"}}', '$.a.b'), JSON_EXISTS('{"a": 1}', '$.a'), REPLACE(CAST(JSON_QUERY('{"a": [1, 2]}', '$.a') AS VARCHAR), ' ', '') FROM t

-- Arrays
SELECT id, xs, ws FROM t
SELECT id, xs[1] AS a, xs[4] AS b2, xs[0] AS c, ws[id] AS e1 FROM t WHERE id < 20
SELECT id, CARDINALITY(xs) AS a, CARDINALITY(ws) AS b2 FROM t
SELECT id, ARRAY[i, id, 7] AS a, ARRAY[s, 'x'] AS b2, ARRAY[p, 1] AS c, ARRAY[l, i] AS e1, ARRAY[d, i] AS f FROM t
SELECT id, ARRAY[dt, DATE '2024-02-29'] AS a, ARRAY[b, TRUE] AS b2, ARRAY[CAST(NULL AS INTEGER)] AS c FROM t WHERE dt > DATE '1000-01-01'
-- duckdb [its driver gives dates in lists as texts]: SELECT id, [dt - DATE '1970-01-01', DATE '2024-02-29' - DATE '1970-01-01'], [b, TRUE], [NULL::INTEGER] FROM t WHERE dt > DATE '1000-01-01'
-- postgres [dates in arrays are no numbers]: SELECT id, ARRAY[dt - DATE '1970-01-01', DATE '2024-02-29' - DATE '1970-01-01'], ARRAY[b, TRUE], ARRAY[CAST(NULL AS INTEGER)] FROM t WHERE dt > DATE '1000-01-01'
SELECT id FROM t WHERE xs = ARRAY[1, 2] OR xs = ARRAY[3] OR ws <> ARRAY['a']
-- postgres [VARCHAR[] is not TEXT[]]: SELECT id FROM t WHERE xs = ARRAY[1, 2] OR xs = ARRAY[3] OR ws <> ARRAY[CAST('a' AS VARCHAR)]
SELECT xs, COUNT(*) AS n FROM t GROUP BY xs
SELECT DISTINCT ws FROM t UNION SELECT ws FROM u
SELECT COUNT(DISTINCT xs) AS n, COUNT(xs) AS m, ANY_VALUE(ws) AS a FROM t
-- duckdb, postgres [ANY_VALUE is any; ours is the least]: SELECT COUNT(DISTINCT xs), COUNT(xs), MIN(ws) FROM t
SELECT g, ARRAY_AGG(id ORDER BY id) AS a, ARRAY_AGG(i ORDER BY id DESC) AS b2, ARRAY_AGG(s ORDER BY id) AS c FROM t GROUP BY g
SELECT g, ARRAY_AGG(p ORDER BY id) AS a, ARRAY_AGG(b ORDER BY id) AS b2, ARRAY_AGG(d ORDER BY id) AS c, ARRAY_AGG(l + 1 ORDER BY id) AS e1 FROM t WHERE l < 100 GROUP BY g
SELECT g, ARRAY_AGG(id ORDER BY i DESC NULLS LAST, id) FILTER (WHERE i > 0) AS a, ARRAY_AGG(DISTINCT i ORDER BY i NULLS LAST) AS b2 FROM t GROUP BY g
SELECT ARRAY_AGG(id ORDER BY id) FILTER (WHERE id < 0) AS a, ARRAY_AGG(10 / id ORDER BY id) FILTER (WHERE id > 90) AS b2 FROM t
-- duckdb [/ divides to a DOUBLE; // does not]: SELECT ARRAY_AGG(id ORDER BY id) FILTER (WHERE id < 0), ARRAY_AGG(10 // NULLIF(id, 0) ORDER BY id) FILTER (WHERE id > 90) FROM t
SELECT ARRAY_AGG(id) AS a FROM e
SELECT g, CARDINALITY(ARRAY_AGG(id)) AS n FROM t GROUP BY g HAVING CARDINALITY(ARRAY_AGG(id)) > 20
SELECT t.id, u.xs, t.ws FROM t JOIN u ON t.id = u.id
SELECT t.id, u.id AS uid FROM t JOIN u ON t.xs = u.xs WHERE t.id < 50
SELECT g, ARRAY_AGG(n ORDER BY n) AS a FROM (SELECT t.g, u.i AS n FROM t LEFT JOIN u ON t.id = u.id) x GROUP BY g
SELECT id, xs FROM t ORDER BY xs, id LIMIT 30
SELECT id, COALESCE(xs, ARRAY[0]) AS a, CASE WHEN i > 0 THEN ws ELSE ARRAY['none'] END AS b2 FROM t
SELECT id, ROW_NUMBER() OVER (PARTITION BY xs ORDER BY id) AS n FROM t
SELECT id, LAG(ws) OVER (ORDER BY id) AS a FROM t
SELECT id, CASE WHEN i > 0 THEN xs ELSE ARRAY[l] END AS a, COALESCE(xs, ARRAY[1.5]) AS c FROM t
SELECT id, CASE WHEN i > 0 THEN xs ELSE ARRAY[d] END AS a FROM t
SELECT id, xs FROM t UNION ALL SELECT id, ARRAY[l, 1] FROM u
SELECT g, COUNT(ARRAY[10 / id]) FILTER (WHERE id > 0) AS n, MAX(xs) AS a, MIN(ws) AS b2 FROM t GROUP BY g
SELECT id, xs IS NULL AS a, ws = ws AS b2, xs IS NOT DISTINCT FROM ARRAY[CAST(NULL AS INTEGER)] AS c, xs IN (ARRAY[1], ARRAY[2, 3]) AS e1 FROM t
SELECT g, ARRAY_AGG(xs[1] ORDER BY id)[2] AS a, CARDINALITY(ARRAY_AGG(ARRAY[id])) AS n FROM t GROUP BY g
-- postgres [an element of a call needs parentheses]: SELECT g, (ARRAY_AGG(xs[1] ORDER BY id))[2], COUNT(*) FROM t GROUP BY g

-- Elements of arrays
SELECT t.id, x.v FROM t, UNNEST(t.xs) AS x (v)
SELECT t.id, w FROM t CROSS JOIN UNNEST(t.ws) AS x (w) WHERE w <> 'a' AND t.id > 10
SELECT t.id, x.v FROM t LEFT JOIN UNNEST(t.xs) AS x (v) ON TRUE
SELECT t.id, x.w, x.n FROM t, UNNEST(t.ws) WITH ORDINALITY AS x (w, n)
SELECT t.id, x.v, x.n FROM t LEFT JOIN UNNEST(t.xs) WITH ORDINALITY AS x (v, n) ON TRUE
SELECT x.w, COUNT(*) AS n, SUM(t.i) AS s FROM t, UNNEST(t.ws) AS x (w) GROUP BY x.w
SELECT t.g, SUM(x.v) AS s, COUNT(DISTINCT x.v) AS n, MAX(x.v) AS m FROM t, UNNEST(t.xs) AS x (v) GROUP BY t.g
SELECT t.id, x.v, y.w FROM t, UNNEST(t.xs) AS x (v), UNNEST(t.ws) AS y (w)
SELECT t.id, x.v FROM t, UNNEST(ARRAY[t.i, t.id, 7]) AS x (v) WHERE x.v IS NOT NULL
SELECT t.id, x.v FROM t, UNNEST(ARRAY[1, 2]) AS x (v) WHERE x.v < t.id
SELECT t.id, x.v + 1 AS y FROM t JOIN UNNEST(t.xs) AS x (v) ON x.v > 2
SELECT t.id, x.v, u.id AS uid FROM t, UNNEST(t.xs) AS x (v), u WHERE u.i = x.v
SELECT t.id, u.id AS uid, x.w FROM t JOIN u ON t.id = u.id, UNNEST(u.ws) AS x (w)
SELECT t.id, u.id AS uid, x.w FROM t, u, UNNEST(u.ws) AS x (w) WHERE t.id = u.id AND t.id > 3 AND x.w <> 'b'
SELECT t.id, u.id AS uid, x.v FROM t LEFT JOIN u ON t.i = u.i LEFT JOIN UNNEST(u.xs) AS x (v) ON TRUE
SELECT x.w, COUNT(*) AS n FROM (SELECT ws FROM t UNION ALL SELECT ws FROM u) y, UNNEST(y.ws) AS x (w) GROUP BY x.w
SELECT y.g, x.v FROM (SELECT g, ARRAY_AGG(id ORDER BY id) AS a FROM t GROUP BY g) y, UNNEST(y.a) AS x (v)
SELECT id, v, ROW_NUMBER() OVER (PARTITION BY id ORDER BY n) AS r FROM (SELECT t.id, x.v, x.n FROM t, UNNEST(t.xs) WITH ORDINALITY AS x (v, n)) y
SELECT t.id, ARRAY_AGG(x.v ORDER BY x.n DESC) AS a FROM t, UNNEST(t.xs) WITH ORDINALITY AS x (v, n) GROUP BY t.id
SELECT t.id, ARRAY_AGG(x.v) AS a, STRING_AGG(CAST(x.v AS VARCHAR), ',') AS b2, FIRST_VALUE(x.v) AS c, LAST_VALUE(x.v) AS e1 FROM t, UNNEST(t.xs) AS x (v) GROUP BY t.id
-- duckdb [no FIRST_VALUE without a window]: SELECT t.id, t.xs, STRING_AGG(x.v::VARCHAR, ',' ORDER BY x.n), FIRST(x.v ORDER BY x.n) FILTER (WHERE x.v IS NOT NULL), LAST(x.v ORDER BY x.n) FILTER (WHERE x.v IS NOT NULL) FROM t, UNNEST(t.xs) WITH ORDINALITY AS x (v, n) GROUP BY t.id, t.xs
-- postgres [no FIRST_VALUE without a window]: SELECT t.id, t.xs, STRING_AGG(x.v::VARCHAR, ',' ORDER BY x.n), (ARRAY_AGG(x.v ORDER BY x.n) FILTER (WHERE x.v IS NOT NULL))[1], (ARRAY_AGG(x.v ORDER BY x.n DESC) FILTER (WHERE x.v IS NOT NULL))[1] FROM t, UNNEST(t.xs) WITH ORDINALITY AS x (v, n) GROUP BY t.id, t.xs
WITH words AS (SELECT t.id, x.w FROM t, UNNEST(t.ws) AS x (w)) SELECT a.id, b.id AS other, a.w FROM words a JOIN words b ON a.w = b.w AND a.id < b.id WHERE a.id < 10
SELECT COUNT(*) AS n FROM t, UNNEST(t.xs) AS x (v) WHERE x.v IN (SELECT i FROM u)
SELECT DISTINCT x.v FROM t, UNNEST(t.xs) AS x (v) WHERE t.b ORDER BY x.v LIMIT 3
SELECT t.id, x.v FROM e t, UNNEST(t.xs) AS x (v)
SELECT COUNT(*) AS n, SUM(x.v) AS s FROM e t, UNNEST(t.xs) AS x (v)

-- By event time above a join
SELECT t.g, ARRAY_AGG(t.id ORDER BY t.event_time, t.id, u.id) AS a, ARRAY_AGG(u.id ORDER BY t.event_time, t.id, u.id)[1] AS b2 FROM t JOIN u ON t.i = u.i GROUP BY t.g
-- duckdb [no event_time]: SELECT t.g, ARRAY_AGG(t.id ORDER BY t.id * 37 % 50, t.id, u.id), ARRAY_AGG(u.id ORDER BY t.id * 37 % 50, t.id, u.id)[1] FROM t JOIN u ON t.i = u.i GROUP BY t.g
-- postgres [no event_time]: SELECT t.g, ARRAY_AGG(t.id ORDER BY t.id * 37 % 50, t.id, u.id), (ARRAY_AGG(u.id ORDER BY t.id * 37 % 50, t.id, u.id))[1] FROM t JOIN u ON t.i = u.i GROUP BY t.g
SELECT t.g, ARG_MAX(t.id, t.event_time) AS a FROM t JOIN u ON t.id = u.id WHERE t.id < 50 GROUP BY t.g
-- duckdb [no event_time]: SELECT t.g, ARG_MAX(t.id, t.id * 37 % 50) FROM t JOIN u ON t.id = u.id WHERE t.id < 50 GROUP BY t.g
-- postgres [no event_time, no ARG_MAX]: SELECT t.g, (ARRAY_AGG(t.id ORDER BY t.id * 37 % 50 DESC))[1] FROM t JOIN u ON t.id = u.id WHERE t.id < 50 GROUP BY t.g

-- Sessions: here by the start of each, there by numbers. m has ties, distances that are the gap, and NULLs
SELECT g, SESSION_START(ts, INTERVAL '90' DAY) AS a, SESSION_END(ts, INTERVAL '90' DAY) AS b2, COUNT(*) AS n, SUM(i) AS m FROM t GROUP BY g, SESSION(ts, INTERVAL '90' DAY)
-- duckdb, postgres [no SESSION]: SELECT g, MIN(ts), MAX(ts) + INTERVAL '90' DAY, COUNT(*), SUM(i) FROM (SELECT *, SUM(CASE WHEN ts >= prev + INTERVAL '90' DAY THEN 1 ELSE 0 END) OVER (PARTITION BY g, ts IS NULL ORDER BY ts) AS no FROM (SELECT *, LAG(ts) OVER (PARTITION BY g, ts IS NULL ORDER BY ts) AS prev FROM t) AS p) AS q GROUP BY g, ts IS NULL, no
SELECT COUNT(*) AS n, MIN(ts) AS a, MAX(ts) AS z FROM t GROUP BY SESSION(ts, INTERVAL '90' DAY)
-- duckdb, postgres [no SESSION]: SELECT COUNT(*), MIN(ts), MAX(ts) FROM (SELECT *, SUM(CASE WHEN ts >= prev + INTERVAL '90' DAY THEN 1 ELSE 0 END) OVER (PARTITION BY ts IS NULL ORDER BY ts) AS no FROM (SELECT *, LAG(ts) OVER (PARTITION BY ts IS NULL ORDER BY ts) AS prev FROM t) AS p) AS q GROUP BY ts IS NULL, no
SELECT id FROM t WHERE 1 = 0 ORDER BY id LIMIT 3
SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS r FROM t WHERE id IS NULL
SELECT COUNT(*) AS n FROM t WHERE id IS NULL GROUP BY SESSION(ts, INTERVAL '90' DAY)
-- duckdb, postgres [no SESSION]: SELECT COUNT(*) FROM t WHERE id IS NULL GROUP BY ts
SELECT g, SESSION_START(m, INTERVAL '1' MINUTE) AS a, SESSION_END(m, INTERVAL '1' MINUTE) AS b2, COUNT(*) AS n, SUM(id) AS s1 FROM (SELECT id, g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY g, SESSION(m, INTERVAL '1' MINUTE)
-- duckdb, postgres [no SESSION]: SELECT g, MIN(m), MAX(m) + INTERVAL '1' MINUTE, COUNT(*), SUM(id) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '1' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT id, g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY g, m IS NULL, no
SELECT g, SESSION_START(m, INTERVAL '2' MINUTE) AS a, SESSION_END(m, INTERVAL '2' MINUTE) AS b2, COUNT(*) AS n, SUM(id) AS s1 FROM (SELECT id, g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY g, SESSION(m, INTERVAL '2' MINUTE)
-- duckdb, postgres [no SESSION]: SELECT g, MIN(m), MAX(m) + INTERVAL '2' MINUTE, COUNT(*), SUM(id) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT id, g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY g, m IS NULL, no
SELECT g, SESSION_START(m, INTERVAL '0:03' HOUR TO MINUTE) AS a, SESSION_END(m, INTERVAL '0:03' HOUR TO MINUTE) AS b2, COUNT(*) AS n, SUM(id) AS s1 FROM (SELECT id, g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY g, SESSION(m, INTERVAL '0:03' HOUR TO MINUTE)
-- duckdb, postgres [no SESSION]: SELECT g, MIN(m), MAX(m) + INTERVAL '3' MINUTE, COUNT(*), SUM(id) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '3' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT id, g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY g, m IS NULL, no
SELECT g, SESSION_START(m, INTERVAL '60.001' SECOND) AS a, SESSION_END(m, INTERVAL '60.001' SECOND) AS b2, COUNT(*) AS n, SUM(id) AS s1 FROM (SELECT id, g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY g, SESSION(m, INTERVAL '60.001' SECOND)
-- duckdb, postgres [no SESSION]: SELECT g, MIN(m), MAX(m) + INTERVAL '60.001 seconds', COUNT(*), SUM(id) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '60.001 seconds' THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT id, g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY g, m IS NULL, no
SELECT b, g, COUNT(DISTINCT i) AS n, SUM(id) FILTER (WHERE i > 0) AS s1, STRING_AGG(s, ',' ORDER BY id) AS s2, ARG_MAX(id, id) AS z FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY b, SESSION(m, INTERVAL '2' MINUTE), g
-- duckdb, postgres [no SESSION]: SELECT b, g, COUNT(DISTINCT i), SUM(id) FILTER (WHERE i > 0), STRING_AGG(s, ',' ORDER BY id), MAX(id) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY b, g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY b, g, m IS NULL ORDER BY m) AS prev FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY b, g, m IS NULL, no
SELECT COALESCE(s, '-') AS u, COUNT(*) AS n, session_end(x.m, INTERVAL '2' MINUTE) AS z FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY 1, session(M, INTERVAL '2' MINUTE)
-- duckdb, postgres [no SESSION]: SELECT k, COUNT(*), MAX(m) + INTERVAL '2' MINUTE FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY k, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY k, m IS NULL ORDER BY m) AS prev FROM (SELECT COALESCE(s, '-') AS k, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY k, m IS NULL, no
SELECT g, COUNT(*) AS n FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x WHERE id > 20 GROUP BY g, SESSION(m, INTERVAL '2' MINUTE) HAVING COUNT(*) > 1 AND SESSION_END(m, INTERVAL '2' MINUTE) > TIMESTAMP '2024-01-01 00:01:00' AND SESSION_START(m, INTERVAL '2' MINUTE) < TIMESTAMP '2024-01-01 00:05:00' AND g <> 'x'
-- duckdb, postgres [no SESSION]: SELECT g, COUNT(*) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t WHERE id > 20) AS x) AS p) AS q GROUP BY g, m IS NULL, no HAVING COUNT(*) > 1 AND MAX(m) + INTERVAL '2' MINUTE > TIMESTAMP '2024-01-01 00:01:00' AND MIN(m) < TIMESTAMP '2024-01-01 00:05:00' AND g <> 'x'
SELECT g, SESSION_START(m, INTERVAL '2' MINUTE) AS a, COUNT(*) AS n FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY g, SESSION(m, INTERVAL '2' MINUTE) ORDER BY SESSION_END(m, INTERVAL '2' MINUTE) DESC NULLS LAST, SESSION_START(m, INTERVAL '2' MINUTE), g LIMIT 7
-- duckdb, postgres [no SESSION]: SELECT g, MIN(m) AS a, COUNT(*) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY g, m IS NULL, no ORDER BY MAX(m) + INTERVAL '2' MINUTE DESC NULLS LAST, MIN(m), g LIMIT 7
SELECT x.g, SESSION_START(x.m, INTERVAL '2' MINUTE) AS a, COUNT(*) AS n, SUM(u.id) AS s1 FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x JOIN u ON x.s = u.s GROUP BY x.g, SESSION(x.m, INTERVAL '2' MINUTE)
-- duckdb, postgres [no SESSION]: SELECT g, MIN(m), COUNT(*), SUM(uid) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT x.g, x.m, u.id AS uid FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x JOIN u ON x.s = u.s) AS y) AS p) AS q GROUP BY g, m IS NULL, no
SELECT y.id, SESSION_START(x.m, INTERVAL '2' MINUTE) AS a, COUNT(*) AS n FROM u AS y LEFT JOIN (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x ON x.s = y.s GROUP BY y.id, SESSION(x.m, INTERVAL '2' MINUTE)
-- duckdb, postgres [no SESSION]: SELECT id, MIN(m), COUNT(*) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY id, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY id, m IS NULL ORDER BY m) AS prev FROM (SELECT y.id, x.m FROM u AS y LEFT JOIN (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x ON x.s = y.s) AS z) AS p) AS q GROUP BY id, m IS NULL, no
SELECT g, SESSION_START(m, INTERVAL '2' MINUTE) AS a, COUNT(*) AS n FROM (SELECT g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t UNION ALL SELECT g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END FROM u) AS x GROUP BY g, SESSION(m, INTERVAL '2' MINUTE)
-- duckdb, postgres [no SESSION]: SELECT g, MIN(m), COUNT(*) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t UNION ALL SELECT g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END FROM u) AS x) AS p) AS q GROUP BY g, m IS NULL, no
SELECT g, SESSION_START(ts, INTERVAL '90' DAY) AS a, COUNT(*) AS n FROM e GROUP BY g, SESSION(ts, INTERVAL '90' DAY)
-- duckdb, postgres [no SESSION]: SELECT g, ts, COUNT(*) FROM e GROUP BY g, ts
SELECT SESSION_END(y.a, INTERVAL '2' MINUTE) AS z, COUNT(*) AS n, SUM(v) AS v FROM (SELECT g, SESSION_START(m, INTERVAL '1' MINUTE) AS a, SUM(id) AS v FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY g, SESSION(m, INTERVAL '1' MINUTE)) AS y GROUP BY SESSION(y.a, INTERVAL '2' MINUTE)
-- duckdb, postgres [no SESSION]: SELECT MAX(a) + INTERVAL '2' MINUTE, COUNT(*), SUM(v) FROM (SELECT *, SUM(CASE WHEN a >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY a IS NULL ORDER BY a) AS no FROM (SELECT y.*, LAG(a) OVER (PARTITION BY a IS NULL ORDER BY a) AS prev FROM (SELECT g, MIN(m) AS a, SUM(id) AS v FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '1' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY g, m IS NULL, no) AS y) AS p) AS q GROUP BY a IS NULL, no
SELECT id FROM t WHERE id IN (SELECT MAX(u.id) FROM u WHERE u.g = t.g GROUP BY SESSION(u.ts, INTERVAL '90' DAY))
-- duckdb, postgres [no SESSION]: SELECT id FROM t WHERE (g, id) IN (SELECT g, MAX(id) FROM (SELECT *, SUM(CASE WHEN ts >= prev + INTERVAL '90' DAY THEN 1 ELSE 0 END) OVER (PARTITION BY g, ts IS NULL ORDER BY ts) AS no FROM (SELECT *, LAG(ts) OVER (PARTITION BY g, ts IS NULL ORDER BY ts) AS prev FROM u) AS p) AS q GROUP BY g, ts IS NULL, no)
SELECT g, SESSION_START(m, INTERVAL '2' MINUTE) AS a, LAG(SESSION_END(m, INTERVAL '2' MINUTE)) OVER (PARTITION BY g ORDER BY SESSION_START(m, INTERVAL '2' MINUTE)) AS z, COUNT(*) AS n FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x WHERE m IS NOT NULL GROUP BY g, SESSION(m, INTERVAL '2' MINUTE)
-- duckdb, postgres [no SESSION]: SELECT g, a, LAG(z) OVER (PARTITION BY g ORDER BY a), n FROM (SELECT g, MIN(m) AS a, MAX(m) + INTERVAL '2' MINUTE AS z, COUNT(*) AS n FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT g, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x WHERE m IS NOT NULL) AS p) AS q GROUP BY g, m IS NULL, no) AS w
SELECT DISTINCT SESSION_START(m, INTERVAL '2' MINUTE) AS a FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY g, SESSION(m, INTERVAL '2' MINUTE) UNION SELECT ts FROM u
-- duckdb, postgres [no SESSION]: SELECT a FROM (SELECT MIN(m) AS a FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY g, m IS NULL ORDER BY m) AS prev FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS p) AS q GROUP BY g, m IS NULL, no) AS w UNION SELECT ts FROM u
SELECT g, TUMBLE_START(ts, INTERVAL '30' DAY) AS a, TUMBLE_END(ts, INTERVAL '30' DAY) AS z, COUNT(*) AS n FROM t GROUP BY g, TUMBLE(ts, INTERVAL '30' DAY)
-- duckdb [no TUMBLE]: SELECT g, a, a + INTERVAL '30' DAY, COUNT(*) FROM (SELECT g, time_bucket(INTERVAL '30' DAY, ts, TIMESTAMP '1970-01-01 00:00:00') AS a FROM t) AS x GROUP BY g, a
-- postgres [no TUMBLE]: SELECT g, a, a + INTERVAL '30' DAY, COUNT(*) FROM (SELECT g, date_bin(INTERVAL '30' DAY, ts, TIMESTAMP '1970-01-01 00:00:00') AS a FROM t) AS x GROUP BY g, a
SELECT TUMBLE_START(m, INTERVAL '7' SECOND) AS a, SUM(id) AS n FROM (SELECT id, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '1970-01-01 00:00:00' + INTERVAL '1' SECOND * i END AS m FROM t) AS x GROUP BY TUMBLE(m, INTERVAL '7' SECOND) HAVING TUMBLE_END(m, INTERVAL '7' SECOND) > TIMESTAMP '1970-01-01 00:00:00'
-- duckdb [no TUMBLE]: SELECT a, SUM(id) FROM (SELECT id, time_bucket(INTERVAL '7' SECOND, m, TIMESTAMP '1970-01-01 00:00:00') AS a FROM (SELECT id, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '1970-01-01 00:00:00' + INTERVAL '1' SECOND * i END AS m FROM t) AS x) AS y GROUP BY a HAVING a + INTERVAL '7' SECOND > TIMESTAMP '1970-01-01 00:00:00'
-- postgres [no TUMBLE]: SELECT a, SUM(id) FROM (SELECT id, date_bin(INTERVAL '7' SECOND, m, TIMESTAMP '1970-01-01 00:00:00') AS a FROM (SELECT id, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '1970-01-01 00:00:00' + INTERVAL '1' SECOND * i END AS m FROM t) AS x) AS y GROUP BY a HAVING a + INTERVAL '7' SECOND > TIMESTAMP '1970-01-01 00:00:00'
SELECT TUMBLE_START(m, INTERVAL '5' MINUTE) AS a, SESSION_START(m, INTERVAL '2' MINUTE) AS a2, SESSION_END(m, INTERVAL '2' MINUTE) AS z, COUNT(*) AS n FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x GROUP BY TUMBLE(m, INTERVAL '5' MINUTE), SESSION(m, INTERVAL '2' MINUTE)
-- duckdb [no TUMBLE]: SELECT w, MIN(m), MAX(m) + INTERVAL '2' MINUTE, COUNT(*) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY w, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY w, m IS NULL ORDER BY m) AS prev FROM (SELECT *, time_bucket(INTERVAL '5' MINUTE, m, TIMESTAMP '1970-01-01 00:00:00') AS w FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS y) AS p) AS q GROUP BY w, m IS NULL, no
-- postgres [no TUMBLE]: SELECT w, MIN(m), MAX(m) + INTERVAL '2' MINUTE, COUNT(*) FROM (SELECT *, SUM(CASE WHEN m >= prev + INTERVAL '2' MINUTE THEN 1 ELSE 0 END) OVER (PARTITION BY w, m IS NULL ORDER BY m) AS no FROM (SELECT *, LAG(m) OVER (PARTITION BY w, m IS NULL ORDER BY m) AS prev FROM (SELECT *, date_bin(INTERVAL '5' MINUTE, m, TIMESTAMP '1970-01-01 00:00:00') AS w FROM (SELECT *, CASE WHEN i BETWEEN -10 AND 10 THEN TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MINUTE * i END AS m FROM t) AS x) AS y) AS p) AS q GROUP BY w, m IS NULL, no
-- What stands for HOP
SELECT w.h, g, COUNT(*) AS n FROM t, UNNEST(ARRAY[DATE_TRUNC('month', ts), DATE_TRUNC('month', ts) - INTERVAL '1' MONTH]) AS w (h) GROUP BY w.h, g
