
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.hookyard_bodies (
    delivery bigint NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE ONLY public.hookyard_bodies ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE public.hookyard_deliveries (
    seq bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    body_hash text NOT NULL COLLATE pg_catalog."C",
    event_name text NOT NULL,
    received_at bigint NOT NULL,
    headers text NOT NULL,
    events text NOT NULL,
    ignored text,
    verdicts text NOT NULL,
    body_bytes integer NOT NULL
);

ALTER TABLE public.hookyard_deliveries ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hookyard_deliveries_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.hookyard_dispatches (
    seq bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    delivery bigint,
    workflow_id text NOT NULL,
    name text NOT NULL,
    part integer DEFAULT 0 NOT NULL,
    how text,
    payload text,
    state text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at bigint NOT NULL,
    since bigint NOT NULL,
    run_id text,
    error text,
    CONSTRAINT hookyard_dispatches_kind_check CHECK ((kind = ANY (ARRAY['start'::text, 'signal'::text]))),
    CONSTRAINT hookyard_dispatches_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'done'::text, 'failed'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.05');

ALTER TABLE public.hookyard_dispatches ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hookyard_dispatches_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.hookyard_log_jobs (
    seq bigint NOT NULL,
    workflow_id text NOT NULL COLLATE pg_catalog."C",
    job text NOT NULL COLLATE pg_catalog."C",
    last_number bigint NOT NULL
);

ALTER TABLE public.hookyard_log_jobs ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hookyard_log_jobs_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.hookyard_log_lines (
    job bigint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    stream text NOT NULL,
    step text,
    attempt integer NOT NULL,
    text text NOT NULL
);

CREATE TABLE public.hookyard_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.hookyard_outbound_attempts (
    seq bigint NOT NULL,
    message_id text NOT NULL COLLATE pg_catalog."C",
    endpoint text NOT NULL COLLATE pg_catalog."C",
    attempt integer NOT NULL,
    at bigint NOT NULL,
    duration_ms double precision NOT NULL,
    status integer,
    error text,
    answer text
);

ALTER TABLE public.hookyard_outbound_attempts ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hookyard_outbound_attempts_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.hookyard_records (
    seq bigint NOT NULL,
    collection text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    version_number double precision,
    version_text text COLLATE pg_catalog."C",
    data text NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT hookyard_records_check CHECK (((version_number IS NULL) <> (version_text IS NULL)))
);

ALTER TABLE public.hookyard_records ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hookyard_records_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

INSERT INTO public.hookyard_bodies VALUES (1, '\x7b22726566223a22726566732f68656164732f6d61696e222c226265666f7265223a2261626364656631323334353637383930616263646566313233343536373839306162636465663132222c226166746572223a2261616161616161616161616161616161616161616161616161616161616161616161616161616161222c2263726561746564223a66616c73652c2264656c65746564223a66616c73652c22666f72636564223a66616c73652c22626173655f726566223a6e756c6c2c22636f6d70617265223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f636f6d706172652f6162632e2e2e313233222c22636f6d6d697473223a5b7b226964223a2231323334353637383930616263646566313233343536373839306162636465663132333435363738222c226d657373616765223a2253656c6c206d6f7265222c2275726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f636f6d6d69742f31323334353637383930616263646566313233343536373839306162636465663132333435363738222c22617574686f72223a7b226e616d65223a22416461222c22656d61696c223a22616461406578616d706c652e636f6d222c22757365726e616d65223a22616461227d2c226164646564223a5b227372632f636172742e7473225d2c2272656d6f766564223a5b227372632f6261736b65742e7473225d2c226d6f646966696564223a5b22524541444d452e6d64225d7d5d2c22686561645f636f6d6d6974223a7b226964223a2261616161616161616161616161616161616161616161616161616161616161616161616161616161222c226d657373616765223a224368616e67652061203c623ec2b53c2f623e222c22617574686f72223a7b226e616d65223a22416461227d7d2c227265706f7369746f7279223a7b226964223a34322c226e616d65223a2273686f70222c2266756c6c5f6e616d65223a2261636d652f73686f70222c2268746d6c5f75726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f70222c2264656661756c745f6272616e6368223a226d61696e222c2270726976617465223a66616c73657d2c22707573686572223a7b226e616d65223a22616461222c22656d61696c223a22616461406578616d706c652e636f6d227d2c2273656e646572223a7b226c6f67696e223a22616461222c226964223a372c2274797065223a2255736572227d7d');
INSERT INTO public.hookyard_bodies VALUES (2, '\x7b22726566223a22726566732f68656164732f6d61696e222c226265666f7265223a2261626364656631323334353637383930616263646566313233343536373839306162636465663132222c226166746572223a2262626262626262626262626262626262626262626262626262626262626262626262626262626262222c2263726561746564223a66616c73652c2264656c65746564223a66616c73652c22666f72636564223a66616c73652c22626173655f726566223a6e756c6c2c22636f6d70617265223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f636f6d706172652f6162632e2e2e313233222c22636f6d6d697473223a5b7b226964223a2231323334353637383930616263646566313233343536373839306162636465663132333435363738222c226d657373616765223a2253656c6c206d6f7265222c2275726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f636f6d6d69742f31323334353637383930616263646566313233343536373839306162636465663132333435363738222c22617574686f72223a7b226e616d65223a22416461222c22656d61696c223a22616461406578616d706c652e636f6d222c22757365726e616d65223a22616461227d2c226164646564223a5b227372632f636172742e7473225d2c2272656d6f766564223a5b227372632f6261736b65742e7473225d2c226d6f646966696564223a5b22524541444d452e6d64225d7d5d2c22686561645f636f6d6d6974223a7b226964223a2262626262626262626262626262626262626262626262626262626262626262626262626262626262222c226d657373616765223a224368616e67652062203c623ec2b53c2f623e222c22617574686f72223a7b226e616d65223a22416461227d7d2c227265706f7369746f7279223a7b226964223a34322c226e616d65223a2273686f70222c2266756c6c5f6e616d65223a2261636d652f73686f70222c2268746d6c5f75726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f70222c2264656661756c745f6272616e6368223a226d61696e222c2270726976617465223a66616c73657d2c22707573686572223a7b226e616d65223a22616461222c22656d61696c223a22616461406578616d706c652e636f6d227d2c2273656e646572223a7b226c6f67696e223a22616461222c226964223a372c2274797065223a2255736572227d7d');
INSERT INTO public.hookyard_bodies VALUES (3, '\x7b22726566223a22726566732f68656164732f6d61696e222c226265666f7265223a2261626364656631323334353637383930616263646566313233343536373839306162636465663132222c226166746572223a2263636363636363636363636363636363636363636363636363636363636363636363636363636363222c2263726561746564223a66616c73652c2264656c65746564223a66616c73652c22666f72636564223a66616c73652c22626173655f726566223a6e756c6c2c22636f6d70617265223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f636f6d706172652f6162632e2e2e313233222c22636f6d6d697473223a5b7b226964223a2231323334353637383930616263646566313233343536373839306162636465663132333435363738222c226d657373616765223a2253656c6c206d6f7265222c2275726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f636f6d6d69742f31323334353637383930616263646566313233343536373839306162636465663132333435363738222c22617574686f72223a7b226e616d65223a22416461222c22656d61696c223a22616461406578616d706c652e636f6d222c22757365726e616d65223a22616461227d2c226164646564223a5b227372632f636172742e7473225d2c2272656d6f766564223a5b227372632f6261736b65742e7473225d2c226d6f646966696564223a5b22524541444d452e6d64225d7d5d2c22686561645f636f6d6d6974223a7b226964223a2263636363636363636363636363636363636363636363636363636363636363636363636363636363222c226d657373616765223a224368616e67652063203c623ec2b53c2f623e222c22617574686f72223a7b226e616d65223a22416461227d7d2c227265706f7369746f7279223a7b226964223a34322c226e616d65223a2273686f70222c2266756c6c5f6e616d65223a2261636d652f73686f70222c2268746d6c5f75726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f70222c2264656661756c745f6272616e6368223a226d61696e222c2270726976617465223a66616c73657d2c22707573686572223a7b226e616d65223a22616461222c22656d61696c223a22616461406578616d706c652e636f6d227d2c2273656e646572223a7b226c6f67696e223a22616461222c226964223a372c2274797065223a2255736572227d7d');
INSERT INTO public.hookyard_bodies VALUES (4, '\x7b22616374696f6e223a226f70656e6564222c226e756d626572223a372c2270756c6c5f72657175657374223a7b226e756d626572223a372c227469746c65223a2253656c6c206576656e206d6f7265222c2268746d6c5f75726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f70756c6c2f37222c227374617465223a226f70656e222c226472616674223a66616c73652c226d6572676564223a66616c73652c2275736572223a7b226c6f67696e223a22616461222c226964223a372c2274797065223a2255736572227d2c226c6162656c73223a5b7b226964223a312c226e616d65223a2273616c6573227d5d2c22757064617465645f6174223a22323032362d31312d32345430383a30303a30305a222c2262617365223a7b22726566223a226d61696e222c22736861223a2261626364656631323334353637383930616263646566313233343536373839306162636465663132222c227265706f223a7b226964223a34322c2266756c6c5f6e616d65223a2261636d652f73686f70227d7d2c2268656164223a7b22726566223a226d6f7265222c22736861223a2231323334353637383930616263646566313233343536373839306162636465663132333435363738222c227265706f223a7b226964223a34322c2266756c6c5f6e616d65223a2261636d652f73686f70227d7d7d2c227265706f7369746f7279223a7b226964223a34322c226e616d65223a2273686f70222c2266756c6c5f6e616d65223a2261636d652f73686f70222c2268746d6c5f75726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f70222c2264656661756c745f6272616e6368223a226d61696e222c2270726976617465223a66616c73657d2c2273656e646572223a7b226c6f67696e223a22616461222c226964223a372c2274797065223a2255736572227d7d');
INSERT INTO public.hookyard_bodies VALUES (5, '\x7b227a656e223a2278222c22686f6f6b5f6964223a317d');
INSERT INTO public.hookyard_bodies VALUES (6, '\x7b22726566223a22726566732f68656164732f6f74686572222c226265666f7265223a2261626364656631323334353637383930616263646566313233343536373839306162636465663132222c226166746572223a2264646464646464646464646464646464646464646464646464646464646464646464646464646464222c2263726561746564223a66616c73652c2264656c65746564223a66616c73652c22666f72636564223a66616c73652c22626173655f726566223a6e756c6c2c22636f6d70617265223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f636f6d706172652f6162632e2e2e313233222c22636f6d6d697473223a5b7b226964223a2231323334353637383930616263646566313233343536373839306162636465663132333435363738222c226d657373616765223a2253656c6c206d6f7265222c2275726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f702f636f6d6d69742f31323334353637383930616263646566313233343536373839306162636465663132333435363738222c22617574686f72223a7b226e616d65223a22416461222c22656d61696c223a22616461406578616d706c652e636f6d222c22757365726e616d65223a22616461227d2c226164646564223a5b227372632f636172742e7473225d2c2272656d6f766564223a5b227372632f6261736b65742e7473225d2c226d6f646966696564223a5b22524541444d452e6d64225d7d5d2c22686561645f636f6d6d6974223a7b226964223a2264646464646464646464646464646464646464646464646464646464646464646464646464646464222c226d657373616765223a224368616e67652064203c623ec2b53c2f623e222c22617574686f72223a7b226e616d65223a22416461227d7d2c227265706f7369746f7279223a7b226964223a34322c226e616d65223a2273686f70222c2266756c6c5f6e616d65223a2261636d652f73686f70222c2268746d6c5f75726c223a2268747470733a2f2f6769746875622e636f6d2f61636d652f73686f70222c2264656661756c745f6272616e6368223a226d61696e222c2270726976617465223a66616c73657d2c22707573686572223a7b226e616d65223a22616461222c22656d61696c223a22616461406578616d706c652e636f6d227d2c2273656e646572223a7b226c6f67696e223a22616461222c226964223a372c2274797065223a2255736572227d7d');
INSERT INTO public.hookyard_bodies VALUES (7, '\x7b227265706f7369746f7279223a7b2274797065223a227265706f7369746f7279222c2275756964223a227b62633737316362662d383239652d346334622d623731662d6130656233616332623836307d222c2266756c6c5f6e616d65223a2261636d652f73686f70222c2269735f70726976617465223a747275652c226c696e6b73223a7b2268746d6c223a7b2268726566223a2268747470733a2f2f6269746275636b65742e6f72672f61636d652f73686f70227d7d7d2c226163746f72223a7b2274797065223a2275736572222c226e69636b6e616d65223a22616461222c22646973706c61795f6e616d65223a22416461222c226163636f756e745f6964223a223535373035383a3261363334396463227d2c2270757368223a7b226368616e676573223a5b7b226e6577223a7b2274797065223a226272616e6368222c226e616d65223a22666561747572652f61222c22746172676574223a7b2274797065223a22636f6d6d6974222c2268617368223a2230643161323665363764386635656166316636626135633537666333633764393161633066643163222c226d657373616765223a2253656c6c206d6f72655c6e222c22617574686f72223a7b22726177223a22416461204c6f76656c616365203c6164614061636d652e6578616d706c653e222c2275736572223a7b2274797065223a2275736572222c226e69636b6e616d65223a22616461222c22646973706c61795f6e616d65223a22416461222c226163636f756e745f6964223a223535373035383a3261363334396463227d7d2c226c696e6b73223a7b2268746d6c223a7b2268726566223a2268747470733a2f2f6269746275636b65742e6f72672f61636d652f73686f702f636f6d6d6974732f30643161323665363764386635656166316636626135633537666333633764393161633066643163227d7d7d7d2c226f6c64223a6e756c6c7d2c7b226e6577223a7b2274797065223a22746167222c226e616d65223a227631222c22746172676574223a7b2274797065223a22636f6d6d6974222c2268617368223a2230643161323665363764386635656166316636626135633537666333633764393161633066643163222c226d657373616765223a2253656c6c206d6f72655c6e222c22617574686f72223a7b22726177223a22416461204c6f76656c616365203c6164614061636d652e6578616d706c653e222c2275736572223a7b2274797065223a2275736572222c226e69636b6e616d65223a22616461222c22646973706c61795f6e616d65223a22416461222c226163636f756e745f6964223a223535373035383a3261363334396463227d7d2c226c696e6b73223a7b2268746d6c223a7b2268726566223a2268747470733a2f2f6269746275636b65742e6f72672f61636d652f73686f702f636f6d6d6974732f30643161323665363764386635656166316636626135633537666333633764393161633066643163227d7d7d7d2c226f6c64223a6e756c6c7d2c7b226e6577223a6e756c6c2c226f6c64223a7b2274797065223a226272616e6368222c226e616d65223a226f6c64222c22746172676574223a7b2274797065223a22636f6d6d6974222c2268617368223a2239333533313935613139653435343832363635333036653436366338333263343635363035333264222c226d657373616765223a2253656c6c206d6f72655c6e222c22617574686f72223a7b22726177223a22416461204c6f76656c616365203c6164614061636d652e6578616d706c653e222c2275736572223a7b2274797065223a2275736572222c226e69636b6e616d65223a22616461222c22646973706c61795f6e616d65223a22416461222c226163636f756e745f6964223a223535373035383a3261363334396463227d7d2c226c696e6b73223a7b2268746d6c223a7b2268726566223a2268747470733a2f2f6269746275636b65742e6f72672f61636d652f73686f702f636f6d6d6974732f39333533313935613139653435343832363635333036653436366338333263343635363035333264227d7d7d7d7d2c7b226e6577223a6e756c6c2c226f6c64223a7b2274797065223a22746167222c226e616d65223a227630222c22746172676574223a7b2274797065223a22636f6d6d6974222c2268617368223a2239333533313935613139653435343832363635333036653436366338333263343635363035333264222c226d657373616765223a2253656c6c206d6f72655c6e222c22617574686f72223a7b22726177223a22416461204c6f76656c616365203c6164614061636d652e6578616d706c653e222c2275736572223a7b2274797065223a2275736572222c226e69636b6e616d65223a22616461222c22646973706c61795f6e616d65223a22416461222c226163636f756e745f6964223a223535373035383a3261363334396463227d7d2c226c696e6b73223a7b2268746d6c223a7b2268726566223a2268747470733a2f2f6269746275636b65742e6f72672f61636d652f73686f702f636f6d6d6974732f39333533313935613139653435343832363635333036653436366338333263343635363035333264227d7d7d7d7d5d7d7d');

INSERT INTO public.hookyard_deliveries OVERRIDING SYSTEM VALUE VALUES (1, 'df8324db607e16d722dbf7fa5', 'github', '00000000-0000-4000-8000-000000000001', '1ec7df3a7c49e1fcb296a54b4abf94c0228d26943c200f0cb6202cf9cb8e1d52', 'push', 1795655617072, '{"host":"127.0.0.1:37891","connection":"keep-alive","content-type":"application/json","user-agent":"GitHub-Hookshot/044aadd","x-github-event":"push","x-github-delivery":"00000000-0000-4000-8000-000000000001","x-github-hook-id":"292430182","x-hub-signature-256":"[redacted]","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","accept-encoding":"gzip, deflate","content-length":"921"}', '[{"source":"github","deliveryId":"df8324db607e16d722dbf7fa5","receivedAt":"2026-11-26T01:13:37.072Z","provider":"github","repository":{"id":"42","fullName":"acme/shop","url":"https://github.com/acme/shop","defaultBranch":"main","private":false},"sender":{"login":"ada","bot":false},"kind":"push","ref":"refs/heads/main","branch":"main","before":"abcdef1234567890abcdef1234567890abcdef12","commit":{"sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","message":"Change a <b>µ</b>","author":"Ada"},"created":false,"forced":false}]', NULL, '[{"automation":"ci","outcome":"start","because":"push to main of acme/shop at aaaaaaa","workflowId":"ci/github/00000000-0000-4000-8000-000000000001"},{"automation":"docs","outcome":"start","because":"push to main of acme/shop at aaaaaaa; the provider is asked which files changed before it begins","workflowId":"docs/github/00000000-0000-4000-8000-000000000001","asks":{"paths":[["docs/**"]]}},["listens to tag, and this is push",["release"],0]]', 921);
INSERT INTO public.hookyard_deliveries OVERRIDING SYSTEM VALUE VALUES (2, 'dee5f357781d17742a51a32ee', 'github', '00000000-0000-4000-8000-000000000002', '1dea03742767f853f7da02bf7333e0defc0fb0936e9338e6bb9d18cad45e0c49', 'push', 1795655617098, '{"host":"127.0.0.1:37891","connection":"keep-alive","content-type":"application/json","user-agent":"GitHub-Hookshot/044aadd","x-github-event":"push","x-github-delivery":"00000000-0000-4000-8000-000000000002","x-github-hook-id":"292430182","x-hub-signature-256":"[redacted]","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","accept-encoding":"gzip, deflate","content-length":"921"}', '[{"source":"github","deliveryId":"dee5f357781d17742a51a32ee","receivedAt":"2026-11-26T01:13:37.098Z","provider":"github","repository":{"id":"42","fullName":"acme/shop","url":"https://github.com/acme/shop","defaultBranch":"main","private":false},"sender":{"login":"ada","bot":false},"kind":"push","ref":"refs/heads/main","branch":"main","before":"abcdef1234567890abcdef1234567890abcdef12","commit":{"sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","message":"Change b <b>µ</b>","author":"Ada"},"created":false,"forced":false}]', NULL, '[{"automation":"ci","outcome":"start","because":"push to main of acme/shop at bbbbbbb","workflowId":"ci/github/00000000-0000-4000-8000-000000000002"},{"automation":"docs","outcome":"start","because":"push to main of acme/shop at bbbbbbb; the provider is asked which files changed before it begins","workflowId":"docs/github/00000000-0000-4000-8000-000000000002","asks":{"paths":[["docs/**"]]}},["listens to tag, and this is push",["release"],0]]', 921);
INSERT INTO public.hookyard_deliveries OVERRIDING SYSTEM VALUE VALUES (3, 'd07ddcea7fad0fdb8af13394a', 'github', '00000000-0000-4000-8000-000000000003', 'f460b665ab382d71b3af014f818c713adcc77e41596c96ddc428145e10a26436', 'push', 1795655617117, '{"host":"127.0.0.1:37891","connection":"keep-alive","content-type":"application/json","user-agent":"GitHub-Hookshot/044aadd","x-github-event":"push","x-github-delivery":"00000000-0000-4000-8000-000000000003","x-github-hook-id":"292430182","x-hub-signature-256":"[redacted]","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","accept-encoding":"gzip, deflate","content-length":"921"}', '[{"source":"github","deliveryId":"d07ddcea7fad0fdb8af13394a","receivedAt":"2026-11-26T01:13:37.117Z","provider":"github","repository":{"id":"42","fullName":"acme/shop","url":"https://github.com/acme/shop","defaultBranch":"main","private":false},"sender":{"login":"ada","bot":false},"kind":"push","ref":"refs/heads/main","branch":"main","before":"abcdef1234567890abcdef1234567890abcdef12","commit":{"sha":"cccccccccccccccccccccccccccccccccccccccc","message":"Change c <b>µ</b>","author":"Ada"},"created":false,"forced":false}]', NULL, '[{"automation":"ci","outcome":"start","because":"push to main of acme/shop at ccccccc","workflowId":"ci/github/00000000-0000-4000-8000-000000000003"},{"automation":"docs","outcome":"start","because":"push to main of acme/shop at ccccccc; the provider is asked which files changed before it begins","workflowId":"docs/github/00000000-0000-4000-8000-000000000003","asks":{"paths":[["docs/**"]]}},["listens to tag, and this is push",["release"],0]]', 921);
INSERT INTO public.hookyard_deliveries OVERRIDING SYSTEM VALUE VALUES (4, 'd40c724c182b6c50d4ea76175', 'github', '00000000-0000-4000-8000-000000000005', 'fae140ce266cbb8f23eb1bcb881ee49ca2bbf22bd41e1b9e9e650d813f89f4c0', 'pull_request', 1795655617165, '{"host":"127.0.0.1:37891","connection":"keep-alive","content-type":"application/json","user-agent":"GitHub-Hookshot/044aadd","x-github-event":"pull_request","x-github-delivery":"00000000-0000-4000-8000-000000000005","x-github-hook-id":"292430182","x-hub-signature-256":"[redacted]","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","accept-encoding":"gzip, deflate","content-length":"704"}', '[{"source":"github","deliveryId":"d40c724c182b6c50d4ea76175","receivedAt":"2026-11-26T01:13:37.165Z","provider":"github","kind":"pull_request","action":"opened","repository":{"id":"42","fullName":"acme/shop","url":"https://github.com/acme/shop","defaultBranch":"main","private":false},"sender":{"login":"ada","bot":false},"pullRequest":{"number":7,"title":"Sell even more","url":"https://github.com/acme/shop/pull/7","author":"ada","state":"open","draft":false,"fork":false,"merged":false,"labels":["sales"],"base":{"ref":"main","sha":"abcdef1234567890abcdef1234567890abcdef12"},"head":{"ref":"more","sha":"1234567890abcdef1234567890abcdef12345678","repository":"acme/shop"},"updatedAt":"2026-11-24T08:00:00.000Z"},"commit":{"sha":"1234567890abcdef1234567890abcdef12345678","url":"https://github.com/acme/shop/pull/7/commits/1234567890abcdef1234567890abcdef12345678"}}]', NULL, '[{"automation":"ci","outcome":"start","because":"pull request #7 of acme/shop opened at 1234567","workflowId":"ci/github/00000000-0000-4000-8000-000000000005"},["listens to push, and this is pull_request",["docs"],0],["listens to tag, and this is pull_request",["release"],0]]', 704);
INSERT INTO public.hookyard_deliveries OVERRIDING SYSTEM VALUE VALUES (5, 'd000f790dba1e685c71467647', 'github', '00000000-0000-4000-8000-000000000006', '490aff4c8cf8281257b27250e367df798ff570d3fadd79e2d14c3e61dca70f5c', 'ping', 1795655617182, '{"host":"127.0.0.1:37891","connection":"keep-alive","content-type":"application/json","user-agent":"GitHub-Hookshot/044aadd","x-github-event":"ping","x-github-delivery":"00000000-0000-4000-8000-000000000006","x-github-hook-id":"292430182","x-hub-signature-256":"[redacted]","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","accept-encoding":"gzip, deflate","content-length":"23"}', '[]', 'ping', '[]', 23);
INSERT INTO public.hookyard_deliveries OVERRIDING SYSTEM VALUE VALUES (6, 'dbafc21333df6c10d66c7e703', 'github', '00000000-0000-4000-8000-000000000007', '93dea2b69954c3c09c68fdf7d0f0088189e0a729f1e36d02ee208f7e4f45f9f6', 'push', 1795655617197, '{"host":"127.0.0.1:37891","connection":"keep-alive","content-type":"application/json","user-agent":"GitHub-Hookshot/044aadd","x-github-event":"push","x-github-delivery":"00000000-0000-4000-8000-000000000007","x-github-hook-id":"292430182","x-hub-signature-256":"[redacted]","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","accept-encoding":"gzip, deflate","content-length":"922"}', '[{"source":"github","deliveryId":"dbafc21333df6c10d66c7e703","receivedAt":"2026-11-26T01:13:37.197Z","provider":"github","repository":{"id":"42","fullName":"acme/shop","url":"https://github.com/acme/shop","defaultBranch":"main","private":false},"sender":{"login":"ada","bot":false},"kind":"push","ref":"refs/heads/other","branch":"other","before":"abcdef1234567890abcdef1234567890abcdef12","commit":{"sha":"dddddddddddddddddddddddddddddddddddddddd","message":"Change d <b>µ</b>","author":"Ada"},"created":false,"forced":false}]', NULL, '[["branch \"other\" is not in branches [\"main\",\"master\"]",["ci"],0],{"automation":"docs","outcome":"start","because":"push to other of acme/shop at ddddddd; the provider is asked which files changed before it begins","workflowId":"docs/github/00000000-0000-4000-8000-000000000007","asks":{"paths":[["docs/**"]]}},["listens to tag, and this is push",["release"],0]]', 922);
INSERT INTO public.hookyard_deliveries OVERRIDING SYSTEM VALUE VALUES (7, 'd5be5203dbc6f5a97277506ba', 'cloud', '00000000-0000-4000-8000-000000000008', '89aba2e9718d4d87959a11df7e916101a92c35c585fc69534c15a2e0db30f46e', 'repo:push', 1795655617315, '{"host":"127.0.0.1:37891","connection":"keep-alive","content-type":"application/json","x-event-key":"repo:push","x-request-uuid":"00000000-0000-4000-8000-000000000008","x-hub-signature":"[redacted]","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","user-agent":"node","accept-encoding":"gzip, deflate","content-length":"1910"}', '[{"source":"cloud","deliveryId":"d5be5203dbc6f5a97277506ba","receivedAt":"2026-11-26T01:13:37.315Z","provider":"bitbucket-cloud","repository":{"id":"bc771cbf-829e-4c4b-b71f-a0eb3ac2b860","fullName":"acme/shop","url":"https://bitbucket.org/acme/shop","private":true},"sender":{"login":"ada","id":"557058:2a6349dc","bot":false},"ref":"refs/heads/feature/a","branch":"feature/a","kind":"push","commit":{"sha":"0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c","message":"Sell more\n","author":"ada","url":"https://bitbucket.org/acme/shop/commits/0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c"},"created":true,"forced":false},{"source":"cloud","deliveryId":"d5be5203dbc6f5a97277506ba","receivedAt":"2026-11-26T01:13:37.315Z","provider":"bitbucket-cloud","repository":{"id":"bc771cbf-829e-4c4b-b71f-a0eb3ac2b860","fullName":"acme/shop","url":"https://bitbucket.org/acme/shop","private":true},"sender":{"login":"ada","id":"557058:2a6349dc","bot":false},"ref":"refs/tags/v1","tag":"v1","kind":"tag","commit":{"sha":"0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c","message":"Sell more\n","author":"ada","url":"https://bitbucket.org/acme/shop/commits/0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c"},"created":true},{"source":"cloud","deliveryId":"d5be5203dbc6f5a97277506ba","receivedAt":"2026-11-26T01:13:37.315Z","provider":"bitbucket-cloud","repository":{"id":"bc771cbf-829e-4c4b-b71f-a0eb3ac2b860","fullName":"acme/shop","url":"https://bitbucket.org/acme/shop","private":true},"sender":{"login":"ada","id":"557058:2a6349dc","bot":false},"ref":"refs/heads/old","branch":"old","before":"9353195a19e45482665306e466c832c46560532d","kind":"branch_deleted"},{"source":"cloud","deliveryId":"d5be5203dbc6f5a97277506ba","receivedAt":"2026-11-26T01:13:37.315Z","provider":"bitbucket-cloud","repository":{"id":"bc771cbf-829e-4c4b-b71f-a0eb3ac2b860","fullName":"acme/shop","url":"https://bitbucket.org/acme/shop","private":true},"sender":{"login":"ada","id":"557058:2a6349dc","bot":false},"ref":"refs/tags/v0","tag":"v0","kind":"tag_deleted","before":"9353195a19e45482665306e466c832c46560532d"}]', NULL, '[["branch \"feature/a\" is not in branches [\"main\",\"master\"]",["ci"],0],{"automation":"docs","outcome":"start","because":"push to feature/a of acme/shop at 0d1a26e; the provider is asked which files changed before it begins","workflowId":"docs/cloud/00000000-0000-4000-8000-000000000008","asks":{"paths":[["docs/**"]]}},["listens to tag, and this is push",["release"],0],["listens to push, pull_request, and this is tag",["ci"],1],["listens to push, and this is tag",["docs"],1],{"automation":"release","outcome":"start","because":"tag v1 of acme/shop at 0d1a26e","workflowId":"release/cloud/00000000-0000-4000-8000-000000000008/2","part":1},["listens to push, pull_request, and this is branch_deleted",["ci"],2],["listens to push, and this is branch_deleted",["docs"],2],["listens to tag, and this is branch_deleted",["release"],2],["listens to push, pull_request, and this is tag_deleted",["ci"],3],["listens to push, and this is tag_deleted",["docs"],3],["listens to tag, and this is tag_deleted",["release"],3]]', 1910);

INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (4, 'docs/github/00000000-0000-4000-8000-000000000002', 'start', 2, 'docs/github/00000000-0000-4000-8000-000000000002', 'docs', 0, '{"asks":{"paths":[["docs/**"]]}}', NULL, 'pending', 0, 1795655617098, 1795655617098, NULL, NULL);
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (5, 'ci/github/00000000-0000-4000-8000-000000000003', 'start', 3, 'ci/github/00000000-0000-4000-8000-000000000003', 'ci', 0, NULL, NULL, 'pending', 0, 1795655617117, 1795655617117, NULL, NULL);
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (6, 'docs/github/00000000-0000-4000-8000-000000000003', 'start', 3, 'docs/github/00000000-0000-4000-8000-000000000003', 'docs', 0, '{"asks":{"paths":[["docs/**"]]}}', NULL, 'pending', 0, 1795655617117, 1795655617117, NULL, NULL);
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (7, 'ci/github/00000000-0000-4000-8000-000000000005', 'start', 4, 'ci/github/00000000-0000-4000-8000-000000000005', 'ci', 0, NULL, NULL, 'pending', 0, 1795655617165, 1795655617165, NULL, NULL);
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (8, 'docs/github/00000000-0000-4000-8000-000000000007', 'start', 6, 'docs/github/00000000-0000-4000-8000-000000000007', 'docs', 0, '{"asks":{"paths":[["docs/**"]]}}', NULL, 'pending', 0, 1795655617197, 1795655617197, NULL, NULL);
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (9, 'docs/cloud/00000000-0000-4000-8000-000000000008', 'start', 7, 'docs/cloud/00000000-0000-4000-8000-000000000008', 'docs', 0, '{"asks":{"paths":[["docs/**"]]}}', NULL, 'pending', 0, 1795655617315, 1795655617315, NULL, NULL);
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (10, 'release/cloud/00000000-0000-4000-8000-000000000008/2', 'start', 7, 'release/cloud/00000000-0000-4000-8000-000000000008/2', 'release', 1, NULL, NULL, 'pending', 0, 1795655617315, 1795655617315, NULL, NULL);
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (1, 'ci/github/00000000-0000-4000-8000-000000000001', 'start', 1, 'ci/github/00000000-0000-4000-8000-000000000001', 'ci', 0, NULL, NULL, 'done', 1, 1795655617342, 1795655617072, '01a2155f-0000-7000-8000-000000000001', NULL);
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (2, 'docs/github/00000000-0000-4000-8000-000000000001', 'start', 1, 'docs/github/00000000-0000-4000-8000-000000000001', 'docs', 0, '{"asks":{"paths":[["docs/**"]]}}', NULL, 'failed', 1, 1795655617342, 1795655617072, NULL, 'INVALID_ARGUMENT: no');
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (3, 'ci/github/00000000-0000-4000-8000-000000000002', 'start', 2, 'ci/github/00000000-0000-4000-8000-000000000002', 'ci', 0, NULL, NULL, 'pending', 1, 1795655617344, 1795655617098, NULL, 'UNAVAILABLE: away');
INSERT INTO public.hookyard_dispatches OVERRIDING SYSTEM VALUE VALUES (11, 'callback-1', 'signal', NULL, 'ci/github/00000000-0000-4000-8000-000000000001', 'hookyard-build-1', 0, NULL, '{"passed":true}', 'pending', 0, 1795655617353, 1795655617353, NULL, NULL);

INSERT INTO public.hookyard_log_jobs OVERRIDING SYSTEM VALUE VALUES (1, 'ci/github/00000000-0000-4000-8000-000000000001', 'ci', 3);

INSERT INTO public.hookyard_log_lines VALUES (1, 1, 1750000000000, 'note', NULL, 1, 'job ci begins');
INSERT INTO public.hookyard_log_lines VALUES (1, 2, 1750000000100, 'stdout', 'npm test', 1, '[32m✓ ok[0m');
INSERT INTO public.hookyard_log_lines VALUES (1, 3, 1750000000200, 'stderr', 'npm test', 2, 'again');

INSERT INTO public.hookyard_migrations VALUES (1, 'inbox, logs, records, outbound attempts', '2026-11-26 01:13:36.863664+00');

INSERT INTO public.hookyard_outbound_attempts OVERRIDING SYSTEM VALUE VALUES (1, 'msg_1', 'partner', 1, 1750000000000, 12, 503, NULL, 'busy');
INSERT INTO public.hookyard_outbound_attempts OVERRIDING SYSTEM VALUE VALUES (2, 'msg_1', 'partner', 2, 1750000005000, 7, NULL, 'ECONNREFUSED', NULL);

INSERT INTO public.hookyard_records OVERRIDING SYSTEM VALUE VALUES (1, 'commits', 'main', 7, NULL, '{"sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 1795655617368);
INSERT INTO public.hookyard_records OVERRIDING SYSTEM VALUE VALUES (2, 'commits', 'größe', NULL, '2026-01-01T00:00:00Z', '[1,null]', 1795655617380);

SELECT pg_catalog.setval('public.hookyard_deliveries_seq_seq', 7, true);

SELECT pg_catalog.setval('public.hookyard_dispatches_seq_seq', 11, true);

SELECT pg_catalog.setval('public.hookyard_log_jobs_seq_seq', 1, true);

SELECT pg_catalog.setval('public.hookyard_outbound_attempts_seq_seq', 2, true);

SELECT pg_catalog.setval('public.hookyard_records_seq_seq', 2, true);

ALTER TABLE ONLY public.hookyard_bodies
    ADD CONSTRAINT hookyard_bodies_pkey PRIMARY KEY (delivery);

ALTER TABLE ONLY public.hookyard_deliveries
    ADD CONSTRAINT hookyard_deliveries_id_key UNIQUE (id);

ALTER TABLE ONLY public.hookyard_deliveries
    ADD CONSTRAINT hookyard_deliveries_key_source_key UNIQUE (key, source);

ALTER TABLE ONLY public.hookyard_deliveries
    ADD CONSTRAINT hookyard_deliveries_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.hookyard_dispatches
    ADD CONSTRAINT hookyard_dispatches_id_key UNIQUE (id);

ALTER TABLE ONLY public.hookyard_dispatches
    ADD CONSTRAINT hookyard_dispatches_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.hookyard_log_jobs
    ADD CONSTRAINT hookyard_log_jobs_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.hookyard_log_jobs
    ADD CONSTRAINT hookyard_log_jobs_workflow_id_job_key UNIQUE (workflow_id, job);

ALTER TABLE ONLY public.hookyard_log_lines
    ADD CONSTRAINT hookyard_log_lines_pkey PRIMARY KEY (job, number);

ALTER TABLE ONLY public.hookyard_migrations
    ADD CONSTRAINT hookyard_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.hookyard_outbound_attempts
    ADD CONSTRAINT hookyard_outbound_attempts_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.hookyard_records
    ADD CONSTRAINT hookyard_records_collection_key_key UNIQUE (collection, key);

ALTER TABLE ONLY public.hookyard_records
    ADD CONSTRAINT hookyard_records_pkey PRIMARY KEY (seq);

CREATE INDEX hookyard_deliveries_by_body ON public.hookyard_deliveries USING btree (source, body_hash, received_at);

CREATE INDEX hookyard_deliveries_by_source ON public.hookyard_deliveries USING btree (source, received_at, seq);

CREATE INDEX hookyard_deliveries_by_time ON public.hookyard_deliveries USING btree (received_at, seq);

CREATE INDEX hookyard_dispatches_by_delivery ON public.hookyard_dispatches USING btree (delivery) WHERE (delivery IS NOT NULL);

CREATE INDEX hookyard_dispatches_due ON public.hookyard_dispatches USING btree (due_at, seq) WHERE (state = 'pending'::text);

CREATE INDEX hookyard_dispatches_failed ON public.hookyard_dispatches USING btree (delivery) WHERE (state = 'failed'::text);

CREATE INDEX hookyard_dispatches_waiting ON public.hookyard_dispatches USING btree (since) WHERE (state = 'pending'::text);

CREATE INDEX hookyard_log_lines_by_time ON public.hookyard_log_lines USING btree (at);

CREATE INDEX hookyard_outbound_attempts_by_endpoint ON public.hookyard_outbound_attempts USING btree (endpoint, at, seq);

CREATE INDEX hookyard_outbound_attempts_by_message ON public.hookyard_outbound_attempts USING btree (message_id, at, seq);

CREATE INDEX hookyard_outbound_attempts_by_time ON public.hookyard_outbound_attempts USING btree (at, seq);

CREATE INDEX hookyard_signals_settled ON public.hookyard_dispatches USING btree (since) WHERE ((kind = 'signal'::text) AND (state <> 'pending'::text));

ALTER TABLE ONLY public.hookyard_bodies
    ADD CONSTRAINT hookyard_bodies_delivery_fkey FOREIGN KEY (delivery) REFERENCES public.hookyard_deliveries(seq);

ALTER TABLE ONLY public.hookyard_dispatches
    ADD CONSTRAINT hookyard_dispatches_delivery_fkey FOREIGN KEY (delivery) REFERENCES public.hookyard_deliveries(seq);

ALTER TABLE ONLY public.hookyard_log_lines
    ADD CONSTRAINT hookyard_log_lines_job_fkey FOREIGN KEY (job) REFERENCES public.hookyard_log_jobs(seq);

