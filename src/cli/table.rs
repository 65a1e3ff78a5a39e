//! Tables as kubectl prints them: columns three spaces apart, no lines.

/// Lays out a head and rows of as many cells.
pub(super) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = head.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = line(head, widths);
    for row in rows {
        text.push_str(&line(std::array::from_fn(|index| row[index].as_str()), widths));
    }
    text
}

fn line<const N: usize>(cells: [&str; N], widths: [usize; N]) -> String {
    let padded: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
    format!("{}\n", padded.join("   ").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a".to_owned(), "b".to_owned()], ["long name".to_owned(), String::new()]];
        assert_eq!(table(["NAME", "X"], &rows), "NAME        X\na           b\nlong name\n");
    }
}
