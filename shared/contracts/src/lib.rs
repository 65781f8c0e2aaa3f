//! The gRPC contracts, generated from `proto`: messages, clients, servers and the descriptor set. Nothing here is
//! written by hand but this list of packages; what a message means is said in its contract.

/// `holdfast.access.v1`, …: one module per package, the version last.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::wildcard_enum_match_arm)]
pub mod holdfast {
    /// Who may call what.
    pub mod access {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.access.v1");
        }
    }
    /// Words that more than one service uses.
    pub mod common {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.common.v1");
        }
    }
    /// What becomes known of customers.
    pub mod customers {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.customers.v1");
        }
    }
    /// Calls between the services.
    pub mod delivery {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.delivery.v1");
        }
    }
    /// From the handover to the decision.
    pub mod conferencing {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.conferencing.v1");
        }
    }
    /// What the guidance says.
    pub mod guidance {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.guidance.v1");
        }
    }
    /// Concerns, and who leads where.
    pub mod safeguarding {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.safeguarding.v1");
        }
    }
    /// What is owed.
    pub mod tasks {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.tasks.v1");
        }
    }
    /// Referrals and visits.
    pub mod visiting {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("holdfast.visiting.v1");
        }
    }
}

// Messages that carry what people said print their name only.
include!(concat!(env!("OUT_DIR"), "/redacted.rs"));

/// Every contract with its options and comments, as an encoded `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The contracts as a pool of descriptors.
///
/// # Errors
/// Never for the set built into this crate; a test proves it.
pub fn descriptor_pool() -> Result<prost_reflect::DescriptorPool, prost_reflect::DescriptorError> {
    prost_reflect::DescriptorPool::decode(DESCRIPTORS)
}
