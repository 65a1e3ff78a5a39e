//! A server that does what it is told, faults included.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// Path and query.
    pub(crate) path: String,
    /// `Authorization`
    pub(crate) authorization: Option<String>,
    /// How often the path was asked for, this time included.
    pub(crate) times: usize,
}

/// What is answered.
pub(crate) enum Answer {
    /// Status, headers with line breaks behind each, body.
    Whole(u16, String, Vec<u8>),
    /// Whatever is written.
    Raw(Script),
}

/// Writes whatever it likes.
type Script = Box<dyn FnOnce(&mut dyn Write) + Send>;

impl Answer {
    /// 200
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Answer::Whole(200, String::new(), body.into())
    }

    /// Another status, with a header.
    pub(crate) fn status(status: u16, header: &str) -> Self {
        Answer::Whole(
            status,
            if header.is_empty() { String::new() } else { format!("{header}\r\n") },
            Vec::new(),
        )
    }
}

/// A server on this machine. It ends with the tests.
pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`, or https.
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

type Handler = dyn Fn(&Request) -> Answer + Send + Sync;

impl Server {
    /// A server without encryption.
    pub(crate) fn new(handler: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(None, Arc::new(handler))
    }

    /// A server with the certificate of `support/tls`.
    pub(crate) fn encrypted(handler: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/tls");
        let chain = vec![CertificateDer::from_pem_file(folder.join("certificate.pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
        Self::start(Some(Arc::new(config)), Arc::new(handler))
    }

    fn start(tls: Option<Arc<ServerConfig>>, handler: Arc<Handler>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (handler, seen, tls) = (Arc::clone(&handler), Arc::clone(&seen), tls.clone());
                std::thread::spawn(move || match tls {
                    Some(config) => {
                        let connection = ServerConnection::new(config).unwrap();
                        serve(StreamOwned::new(connection, stream), &*handler, &seen);
                    }
                    None => serve(stream, &*handler, &seen),
                });
            }
        });
        Server { url, requests }
    }

    /// The paths asked for so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|request| request.path.clone()).collect()
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Host and port.
    pub(crate) fn host(&self) -> &str {
        self.url.split_once("://").unwrap().1
    }
}

/// Answers one request and closes the connection.
fn serve(stream: impl Read + Write, handler: &Handler, seen: &Mutex<Vec<Request>>) {
    let mut reader = BufReader::new(stream);
    let mut request = Request::default();
    let mut line = String::new();
    // Who hangs up is not served.
    while reader.read_line(&mut line).is_ok_and(|count| count > 0) {
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        match text.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                request.authorization = Some(value.to_owned());
            }
            _ if request.path.is_empty() => {
                request.path = text.split(' ').nth(1).unwrap_or_default().to_owned();
            }
            _ => {}
        }
        line.clear();
    }
    if request.path.is_empty() {
        // Somebody who wants to encrypt, for example.
        let _ = reader.get_mut().write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        return;
    }
    {
        let mut seen = seen.lock().unwrap();
        request.times = 1 + seen.iter().filter(|other| other.path == request.path).count();
        seen.push(request.clone());
    }
    let stream = reader.get_mut();
    match handler(&request) {
        Answer::Whole(status, headers, body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
        Answer::Raw(write) => write(stream),
    }
    let _ = stream.flush();
}
