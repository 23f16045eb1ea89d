//! Keys and certificates.

use super::{Default, Type, field, flag, kind, list_of, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("openssl_dhparam", "OpensslDhparam").actions(&["create"]).runs(&["create"]).properties(&[
        text("path").named(),
        number("key_length")
            .default(Default::Integer(2048))
            .one_of(&[Default::Integer(1024), Default::Integer(2048), Default::Integer(4096), Default::Integer(8192)])
            .message("key_length must be 1024, 2048, 4096, or 8192."),
        number("generator")
            .default(Default::Integer(2))
            .one_of(&[Default::Integer(2), Default::Integer(5)])
            .message("generator must be either 2 or 5."),
        field("owner").types(&["String", "Integer"]),
        field("group").types(&["String", "Integer"]),
        field("mode").types(&["Integer", "String"]).default(Default::Text("0640")),
    ]),
    kind("openssl_ec_private_key", "OpensslEcPrivateKey").actions(&["create"]).runs(&["create"]).properties(&[
        text("path").named(),
        text("key_curve").default(Default::Text("prime256v1")).one_of(&[
            Default::Text("secp384r1"),
            Default::Text("secp521r1"),
            Default::Text("prime256v1"),
            Default::Text("secp224r1"),
            Default::Text("secp256k1"),
        ]),
        text("key_pass").secret(),
        text("key_cipher").default(Default::Text("des3")),
        field("owner").types(&["String", "Integer"]),
        field("group").types(&["String", "Integer"]),
        field("mode").types(&["Integer", "String"]).default(Default::Text("0600")),
        flag("force").default(Default::False).aside(),
    ]),
    kind("openssl_ec_public_key", "OpensslEcPublicKey").actions(&["create"]).runs(&["create"]).properties(&[
        text("path").named(),
        text("private_key_path"),
        text("private_key_content").secret(),
        text("private_key_pass").secret(),
        field("owner").types(&["String", "Integer"]),
        field("group").types(&["String", "Integer"]),
        field("mode").types(&["Integer", "String"]).default(Default::Text("0640")),
    ]),
    kind("openssl_rsa_private_key", "OpensslRsaPrivateKey").also(&["openssl_rsa_key"]).actions(&["create"]).runs(&["create"]).properties(
        &[
            text("path").named(),
            number("key_length")
                .default(Default::Integer(2048))
                .one_of(&[Default::Integer(1024), Default::Integer(2048), Default::Integer(4096), Default::Integer(8192)])
                .message("key_length (bits) must be 1024, 2048, 4096, or 8192!"),
            text("key_pass").secret(),
            text("key_cipher").default(Default::Text("des3")),
            field("owner").types(&["String", "Integer"]),
            field("group").types(&["String", "Integer"]),
            field("mode").types(&["Integer", "String"]).default(Default::Text("0600")),
            flag("force").default(Default::False).aside(),
        ],
    ),
    kind("openssl_rsa_public_key", "OpensslRsaPublicKey").actions(&["create"]).runs(&["create"]).properties(&[
        text("path").named(),
        text("private_key_path"),
        text("private_key_content").secret(),
        text("private_key_pass").secret(),
        field("owner").types(&["String", "Integer"]),
        field("group").types(&["String", "Integer"]),
        field("mode").types(&["Integer", "String"]).default(Default::Text("0640")),
    ]),
    kind("openssl_x509_certificate", "OpensslX509Certificate").also(&["openssl_x509"]).actions(&["create"]).runs(&["create"]).properties(
        &[
            text("path").named(),
            field("owner").types(&["String", "Integer"]),
            field("group").types(&["String", "Integer"]),
            number("expire").default(Default::Integer(365)),
            field("mode").types(&["Integer", "String"]),
            text("country"),
            text("state"),
            text("city"),
            text("org"),
            text("org_unit"),
            text("common_name"),
            text("email"),
            map("extensions").default(Default::EmptyMap),
            list_of("subject_alt_name").default(Default::EmptyList),
            text("key_file"),
            text("key_pass").secret(),
            text("key_type").default(Default::Text("rsa")).one_of(&[Default::Text("rsa"), Default::Text("ec")]),
            number("key_length").default(Default::Integer(2048)).one_of(&[
                Default::Integer(1024),
                Default::Integer(2048),
                Default::Integer(4096),
                Default::Integer(8192),
            ]),
            text("key_curve").default(Default::Text("prime256v1")).one_of(&[
                Default::Text("secp384r1"),
                Default::Text("secp521r1"),
                Default::Text("prime256v1"),
            ]),
            text("csr_file"),
            text("ca_cert_file"),
            text("ca_key_file"),
            text("ca_key_pass"),
            number("renew_before_expiry"),
        ],
    ),
    kind("openssl_x509_crl", "OpensslX509Crl").actions(&["create"]).runs(&["create"]).properties(&[
        text("path").named(),
        field("serial_to_revoke").types(&["Integer", "String"]),
        number("revocation_reason").default(Default::Integer(0)),
        number("expire").default(Default::Integer(8)),
        number("renewal_threshold").default(Default::Integer(1)),
        text("ca_cert_file").required(&[]),
        text("ca_key_file").required(&[]),
        text("ca_key_pass"),
        field("owner").types(&["String", "Integer"]),
        field("group").types(&["String", "Integer"]),
        field("mode").types(&["Integer", "String"]),
    ]),
    kind("openssl_x509_request", "OpensslX509Request").actions(&["create"]).runs(&["create"]).properties(&[
        text("path").named(),
        field("owner").types(&["String", "Integer"]),
        field("group").types(&["String", "Integer"]),
        field("mode").types(&["Integer", "String"]),
        text("country"),
        text("state"),
        text("city"),
        text("org"),
        text("org_unit"),
        text("common_name").required(&[]),
        text("email"),
        text("key_file"),
        text("key_pass").secret(),
        text("key_type").default(Default::Text("ec")).one_of(&[Default::Text("rsa"), Default::Text("ec")]),
        number("key_length").default(Default::Integer(2048)).one_of(&[
            Default::Integer(1024),
            Default::Integer(2048),
            Default::Integer(4096),
            Default::Integer(8192),
        ]),
        text("key_curve").default(Default::Text("prime256v1")).one_of(&[
            Default::Text("secp384r1"),
            Default::Text("secp521r1"),
            Default::Text("prime256v1"),
        ]),
    ]),
];
