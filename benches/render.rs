//! How long the main job takes, by stage: from the text of a config to the bytes of the stream.

use criterion::{Criterion, criterion_group, criterion_main};
use monstack::config::{self, Config, Source};
use monstack::delivery::Surroundings;
use monstack::{stack, stream};

const CONFIG: &[u8] = include_bytes!("../examples/kup6s/config.yaml");

fn load() -> Option<Config> {
    let source = Source { name: "config.yaml".into(), bytes: CONFIG.to_vec() };
    config::load(vec![source], &[]).ok().map(|loaded| loaded.config)
}

fn write(config: &Config) -> Option<Vec<u8>> {
    let objects = stack::render(config, &Surroundings::default(), |_| true).ok()?.objects;
    Some(stream::yaml(objects.iter().map(|object| &object.object)))
}

fn benchmark(criterion: &mut Criterion) {
    criterion.bench_function("load", |bencher| bencher.iter(load));
    if let Some(config) = load() {
        criterion.bench_function("render", |bencher| {
            bencher.iter(|| stack::render(&config, &Surroundings::default(), |_| true))
        });
        criterion.bench_function("render and write", |bencher| bencher.iter(|| write(&config)));
    }
    criterion.bench_function("whole", |bencher| bencher.iter(|| load().as_ref().and_then(write)));
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
