//! The tables of a page: objects, images, resources.

use std::fmt::Write as _;

use super::{Listed, escape};
use crate::images::Listing;
use crate::resources::pods::{Container, Count, Pods};
use crate::resources::{Asked, cpu, memory};

/// The objects of each construct, folded.
pub(super) fn objects(objects: &[Listed]) -> String {
    let mut groups: Vec<(&str, Vec<&Listed>)> = Vec::new();
    for object in objects {
        match groups.iter_mut().find(|(construct, _)| *construct == object.construct) {
            Some((_, group)) => group.push(object),
            None => groups.push((&object.construct, vec![object])),
        }
    }
    let mut html = String::new();
    for (construct, group) in groups {
        let _ = writeln!(
            html,
            "<details><summary><b>{}</b> <span class=\"count\">{}</span></summary>",
            escape(construct),
            group.len()
        );
        begin(&mut html, &format!("Objects of {construct}"), &["Object", "Namespace", "Wave"]);
        for Listed { identity, wave, .. } in group {
            let namespace = if identity.namespace.is_empty() { "–" } else { &identity.namespace };
            let object = two_lines(&identity.name, &identity.kind);
            row(&mut html, &object, &[escape(namespace), wave.to_string()]);
        }
        html.push_str("</tbody></table></div></details>\n");
    }
    html
}

/// The images with who uses them, and which ones cannot be known.
pub(super) fn images(Listing { images, warnings }: &Listing) -> String {
    let mut html = String::new();
    for warning in warnings {
        let _ = writeln!(html, "<p>{}</p>", escape(warning));
    }
    begin(&mut html, "References and who uses them", &["Image", "Used by"]);
    for image in images {
        let users = image.used_by.iter().map(|used| {
            format!(
                "<li>{} {} <small>{}</small></li>",
                escape(&used.kind),
                escape(&used.name),
                escape(&used.place)
            )
        });
        let users = format!("<ul>{}</ul>", users.collect::<String>());
        row(&mut html, &format!("<code>{}</code>", escape(&image.image).replace('/', "/<wbr>")), &[users]);
    }
    html.push_str("</tbody></table></div>\n");
    html
}

/// What pods and volumes ask for.
pub(super) fn resources(asked: &Asked) -> String {
    let mut html = String::new();
    begin(&mut html, "Requests / limits", &["Container", "Pods", "CPU", "Memory"]);
    for pods in &asked.pods {
        for container in &pods.containers {
            row(
                &mut html,
                &two_lines(&container.name, &format!("{} {}", pods.kind, pods.name)),
                &amounts(pods, container),
            );
        }
    }
    html.push_str("</tbody></table></div>\n");
    let of_pods = asked.pods.iter().flat_map(|pods| {
        pods.volumes.iter().map(move |volume| (format!("{} {}", pods.kind, pods.name), volume))
    });
    let claims = asked.claims.iter().map(|volume| ("PersistentVolumeClaim".to_owned(), volume));
    let volumes: Vec<_> = of_pods.chain(claims).collect();
    if !volumes.is_empty() {
        begin(&mut html, "Volumes", &["Volume", "Number", "Size", "Class"]);
        for (owner, volume) in volumes {
            let class = volume.class.as_deref().unwrap_or("(default)");
            let cells = [volume.count.to_string(), memory(volume.bytes), escape(class)];
            row(&mut html, &two_lines(&volume.name, &owner), &cells);
        }
        html.push_str("</tbody></table></div>\n");
    }
    html
}

fn amounts(pods: &Pods, container: &Container) -> [String; 3] {
    let count = match pods.count {
        Count::Fixed(count) => count.to_string(),
        Count::EachNode => "each node".to_owned(),
    };
    let (requests, limits) = (container.requests, container.limits);
    let pair = |request: String, limit: String| {
        let [request, limit] = [request, limit].map(|text| if text == "0" { "–".to_owned() } else { text });
        format!("{request} / {limit}")
    };
    [
        count,
        pair(cpu(requests.milli_cpu), cpu(limits.milli_cpu)),
        pair(memory(requests.memory_bytes), memory(limits.memory_bytes)),
    ]
}

/// Begins a table. What is wider than the screen can be scrolled, by keyboard too.
fn begin(html: &mut String, caption: &str, head: &[&str]) {
    let caption = escape(caption);
    let _ = write!(
        html,
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\"><table><caption>{caption}</caption><thead><tr>"
    );
    head.iter().for_each(|cell| {
        let _ = write!(html, "<th scope=\"col\">{cell}</th>");
    });
    html.push_str("</tr></thead><tbody>\n");
}

/// A row of a head and cells, which are HTML already.
fn row(html: &mut String, head: &str, cells: &[String]) {
    let _ = write!(html, "<tr><th scope=\"row\">{head}</th>");
    cells.iter().for_each(|cell| {
        let _ = write!(html, "<td>{cell}</td>");
    });
    html.push_str("</tr>\n");
}

/// A name, which may be broken behind dots as it is behind hyphens, and what it is of.
fn two_lines(name: &str, of: &str) -> String {
    format!("{}<small>{}</small>", escape(name).replace('.', ".<wbr>"), escape(of))
}
