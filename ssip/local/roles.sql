-- The three roles and the database of SSIP. Run by psql as a superuser, in the embedded server as in docker-compose;
-- it may be run again. Passwords come from the environment. None of the roles is a superuser, none passes row-level
-- security: ssip_owner makes the tables, ssip_app is the web and people's jobs, ssip_worker is the clock.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv worker_password WORKER_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['ssip_owner', 'ssip_app', 'ssip_worker']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE ssip_owner WITH LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE ssip_app WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
ALTER ROLE ssip_worker WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'worker_password';

-- The owner may take on the other two, so that tests and operators can see what they see.
GRANT ssip_app, ssip_worker TO ssip_owner;

SELECT 'CREATE DATABASE ssip OWNER ssip_owner ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ssip')
\gexec

REVOKE ALL ON DATABASE ssip FROM PUBLIC;
GRANT CONNECT ON DATABASE ssip TO ssip_app, ssip_worker;

\connect ssip
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ssip_app, ssip_worker;
ALTER SCHEMA public OWNER TO ssip_owner;
