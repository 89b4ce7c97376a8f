//! Makes Rust of the protobuf contract, without protoc.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let contract = ["proto/scouter/v1/records.proto", "proto/scouter/v1/profiles.proto"];
    for file in contract {
        println!("cargo::rerun-if-changed={file}");
    }
    let descriptors = protox::compile(contract, ["proto"])?;
    tonic_prost_build::configure()
        // Opening connections is the client's business.
        .build_transport(false)
        .bytes(".scouter.v1.Record.uid")
        .bytes(".scouter.v1.Refused.uid")
        .compile_fds(descriptors)?;
    Ok(())
}
