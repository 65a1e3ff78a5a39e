//! A page for a review: the graph of a config's stack, its objects, images and resources, in one HTML file that needs
//! nothing else. It has no script; its style shows and highlights.

mod layers;
mod layout;
mod picture;
mod tables;
#[cfg(test)]
mod testing;
mod ways;

use std::fmt::Write as _;

use self::layout::Layout;
use crate::graph::{Data, Graph};
use crate::images::Listing;
use crate::k8s::Identity;
use crate::resources::{Asked, cpu, memory};

const STYLE: &str = include_str!("style.css");

/// The most nodes or edges that a picture shows: more can neither be read nor be laid out soon.
const MOST: usize = 400;

/// What a page shows.
#[derive(Clone, Debug)]
pub struct Page {
    /// Name of the cluster.
    pub cluster: String,
    /// What the config says of the stack, as names and values.
    pub facts: Vec<(&'static str, String)>,
    /// All objects.
    pub objects: Vec<Listed>,
    /// The data's way.
    pub graph: Graph,
    /// All images.
    pub images: Listing,
    /// What the pods ask for.
    pub asked: Asked,
}

/// An object of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The construct that it is a part of.
    pub construct: String,
    /// What it is.
    pub identity: Identity,
    /// The sync wave in which it is applied.
    pub wave: i32,
}

impl Page {
    /// The page as HTML. Equal pages have equal bytes.
    #[must_use]
    pub fn html(&self) -> String {
        let title = format!("Monitoring stack of {}", escape(&self.cluster));
        let mut html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"monstack {}\">\n\
             <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n<style>\n{STYLE}{}</style>\n</head>\n<body>\n",
            env!("CARGO_PKG_VERSION"),
            highlights(self.graph.nodes.len()),
        );
        html.push_str("<a class=\"skip\" href=\"#way\">Skip to the data's way</a>\n<header>\n");
        let _ = writeln!(html, "<h1>{title}</h1>\n<dl class=\"facts\">");
        for (name, value) in self.facts.iter().cloned().chain(self.totals()) {
            let _ = writeln!(html, "<div><dt>{name}</dt><dd>{}</dd></div>", escape(&value));
        }
        html.push_str("</dl>\n<nav aria-label=\"Parts of this page\"><ul>");
        for (id, heading) in SECTIONS {
            let _ = write!(html, "<li><a href=\"#{id}\">{heading}</a></li>");
        }
        html.push_str("</ul></nav>\n</header>\n<main>\n");
        for (id, heading) in SECTIONS {
            let body = match id {
                "way" => self.way(),
                "objects" => tables::objects(&self.objects),
                "images" => tables::images(&self.images),
                _ => tables::resources(&self.asked),
            };
            let _ = write!(
                html,
                "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{heading}</h2>\n{body}</section>\n"
            );
        }
        html.push_str("</main>\n</body>\n</html>\n");
        html
    }

    fn totals(&self) -> [(&'static str, String); 5] {
        let asked = &self.asked;
        let and_each =
            |all: String, each: String| if each == "0" { all } else { format!("{all} + {each} per node") };
        [
            ("Objects", self.objects.len().to_string()),
            ("Images", self.images.images.len().to_string()),
            ("CPU", and_each(cpu(asked.requests.milli_cpu), cpu(asked.requests_per_node.milli_cpu))),
            (
                "Memory",
                and_each(memory(asked.requests.memory_bytes), memory(asked.requests_per_node.memory_bytes)),
            ),
            ("Volumes", memory(asked.volume_bytes)),
        ]
    }

    /// The pictures, what may be left out of them, and the cards.
    fn way(&self) -> String {
        let graph = &self.graph;
        let mut html = String::new();
        if graph.nodes.len().max(graph.edges.len()) > MOST {
            let _ = writeln!(html, "<p>More than {MOST} nodes or ways are too many for a picture.</p>");
        } else {
            html.push_str("<fieldset><legend>Show</legend>\n");
            for data in Data::ALL {
                let count = graph.edges.iter().filter(|edge| edge.data == data).count();
                if count > 0 {
                    let word = data.word();
                    let _ = writeln!(
                        html,
                        "<label class=\"{word}\"><input type=\"checkbox\" id=\"show-{word}\" checked>\
                         <svg width=\"30\" height=\"8\" aria-hidden=\"true\"><path class=\"edge {word}\" d=\"M0 4H30\"/></svg>\
                         {word} <span class=\"count\">{count}</span></label>"
                    );
                }
            }
            html.push_str("</fieldset>\n<p class=\"hint\">Arrows go where the data goes. Point at a node, or go to it with the Tab key, \
                           to see only its ways; it links to them in words.</p>\n\
                           <div class=\"scroll drawing\" role=\"region\" aria-label=\"Picture of the data's way\" tabindex=\"0\">\n");
            let layout = Layout::of(graph);
            html.push_str(&picture::columns(graph, &layout));
            html.push_str(&picture::list(graph, &layout));
            html.push_str("</div>\n");
        }
        html.push_str(&ways::cards(graph));
        html
    }
}

/// The parts of a page: their names in links, and headings.
const SECTIONS: [(&str, &str); 4] =
    [("way", "The data's way"), ("objects", "Objects"), ("images", "Images"), ("resources", "Resources")];

/// Name of a node's card in links.
fn card(place: usize) -> String {
    format!("way-{place}")
}

/// Rules that leave only the edges of a node when it is pointed at or has the focus.
fn highlights(nodes: usize) -> String {
    (0..nodes.min(MOST)).fold(String::new(), |mut css, place| {
        let _ = writeln!(
            css,
            ".picture:has(.n{place}:is(:hover,:focus-visible)) .edge:not(.e{place}){{opacity:.07}}"
        );
        css
    })
}

/// Text as content or attribute of HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::testing::graph;
    use super::*;

    fn page(graph: Graph) -> Page {
        let identity = Identity { kind: "Service".to_owned(), name: "a<b".to_owned(), ..Identity::default() };
        let objects = vec![Listed { construct: "x".to_owned(), identity, wave: 1 }];
        let facts = vec![("Namespace", "m".to_owned())];
        Page {
            cluster: "</title>".to_owned(),
            facts,
            objects,
            graph,
            images: Listing::default(),
            asked: Asked::default(),
        }
    }

    #[test]
    fn texts_stay_texts() {
        let html = page(graph(2, &[(0, 1, Data::Logs)])).html();
        assert!(
            html.contains("<title>Monitoring stack of &lt;/title&gt;</title>") && html.contains("a&lt;b"),
            "{html}"
        );
        assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("<script"));
    }

    #[test]
    fn what_is_too_much_for_a_picture_is_still_told() {
        let edges: Vec<_> = (0..MOST + 1).map(|place| (place, place + 1, Data::Logs)).collect();
        let html = page(graph(MOST + 2, &edges)).html();
        assert!(
            html.contains("too many for a picture")
                && html.contains("gets logs from")
                && !html.contains("class=\"picture")
        );
    }

    #[test]
    fn names_in_links_are_there_once() {
        let html = page(graph(3, &[(0, 1, Data::Logs), (1, 2, Data::Query)])).html();
        let ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len());
        for link in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&link), "{link}");
        }
    }
}
