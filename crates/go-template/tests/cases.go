//go:build ignore

// Answers the templates of cases.txt with Go's own text/template:
//
//	go run cases.go < cases.txt > cases.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"text/template"
)

const data = `{"s": "text", "n": 3, "f": 1.5, "big": 1000000, "t": true, "z": 0, "e": "", "nil": null,
"m": {"b": {"c": "deep"}, "a10": 1, "a9": 2, "A": "x", "k-1": "dash"}, "l": ["x", null, 2, ["y"]], "em": {}, "el": []}`

var functions = template.FuncMap{
	"list":  func(v ...any) []any { return v },
	"dict":  func(k string, v any) map[string]any { return map[string]any{k: v} },
	"int":   func(v float64) int { return int(v) },
	"int64": func(v int) int64 { return int64(v) },
	"str":   func(s string) string { return "<" + s + ">" },
	"yes":   func(b bool) bool { return b },
	"need":  func(i int) int { return i },
	"keys":  func(m map[string]any) int { return len(m) },
	"any":   func(v any) any { return v },
	"fail":  func(s string) (string, error) { return "", errors.New(s) },
}

func main() {
	var dot map[string]any
	json.Unmarshal([]byte(data), &dot)
	in := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for in.Scan() {
		text := strings.ReplaceAll(in.Text(), "⏎", "\n")
		result := map[string]any{"template": text}
		t, err := template.New("F").Funcs(functions).Option("missingkey=zero").Parse(text)
		var b strings.Builder
		if err == nil {
			err = t.Execute(&b, dot)
		}
		if err != nil {
			result["error"] = err.Error()
		} else {
			result["output"] = b.String()
		}
		out.Encode(result)
	}
}
