//! Compiles the contracts in `proto` without a protoc on the machine.

use protox::prost_reflect::{DescriptorPool, FieldDescriptor};
use std::{env, error::Error, fs, path::Path};

/// Every contract, by its path below `proto`.
const CONTRACTS: &[&str] = &[
    "holdfast/access/v1/access.proto",
    "holdfast/common/v1/case.proto",
    "holdfast/common/v1/effect.proto",
    "holdfast/common/v1/error_reason.proto",
    "holdfast/common/v1/guidance.proto",
    "holdfast/common/v1/hold.proto",
    "holdfast/common/v1/task.proto",
    "holdfast/conferencing/v1/case.proto",
    "holdfast/conferencing/v1/conferencing_service.proto",
    "holdfast/conferencing/v1/facts.proto",
    "holdfast/conferencing/v1/sanction.proto",
    "holdfast/conferencing/v1/sanction_service.proto",
    "holdfast/customers/v1/customer_service.proto",
    "holdfast/delivery/v1/delivery_service.proto",
    "holdfast/guidance/v1/guidance_service.proto",
    "holdfast/safeguarding/v1/directory_service.proto",
    "holdfast/safeguarding/v1/escalation.proto",
    "holdfast/safeguarding/v1/escalation_service.proto",
    "holdfast/safeguarding/v1/leader.proto",
    "holdfast/safeguarding/v1/override.proto",
    "holdfast/safeguarding/v1/override_service.proto",
    "holdfast/safeguarding/v1/protection.proto",
    "holdfast/safeguarding/v1/protection_service.proto",
    "holdfast/tasks/v1/task_service.proto",
    "holdfast/visiting/v1/facts.proto",
    "holdfast/visiting/v1/form.proto",
    "holdfast/visiting/v1/referral.proto",
    "holdfast/visiting/v1/visiting_service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    let proto = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    println!("cargo:rerun-if-changed={}", proto.display());
    let mut compiler = protox::Compiler::new([&proto])?;
    compiler.include_imports(true).include_source_info(true).open_files(CONTRACTS)?;

    // Encoded by protox itself: the round trip through prost's types would drop the method options.
    let descriptors = compiler.encode_file_descriptor_set();
    fs::write(Path::new(&env::var("OUT_DIR")?).join("descriptors.bin"), &descriptors)?;

    let mut config = prost_build::Config::new();
    // Messages that carry what people said have no Debug of their own; see lib.rs.
    let sensitive = sensitive_messages(&DescriptorPool::decode(descriptors.as_slice())?);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("redacted.rs"), redacted_debug(&sensitive))?;
    config.skip_debug(&sensitive);
    tonic_prost_build::configure().compile_fds_with_config(compiler.file_descriptor_set(), config)?;
    Ok(())
}

/// Full names, with a leading dot, of the messages that directly hold a field marked `debug_redact`.
fn sensitive_messages(pool: &DescriptorPool) -> Vec<String> {
    let redacted = |field: FieldDescriptor| {
        field.options().get_field_by_name("debug_redact").is_some_and(|mark| mark.as_bool() == Some(true))
    };
    pool.all_messages()
        .filter(|message| message.fields().any(redacted))
        .map(|message| format!(".{}", message.full_name()))
        .collect()
}

/// Debug for those messages shows their name and nothing of their content.
fn redacted_debug(messages: &[String]) -> String {
    let mut code = String::new();
    for message in messages {
        let path = message.trim_start_matches('.').replace('.', "::");
        let name = path.rsplit("::").next().unwrap_or_default();
        code += &format!(
            "impl ::core::fmt::Debug for {path} {{\n    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> \
             ::core::fmt::Result {{\n        f.write_str(\"{name} {{ redacted }}\")\n    }}\n}}\n"
        );
    }
    code
}
