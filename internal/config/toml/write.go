package toml

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Write is a table as text, always the same for the same table: values first, then the tables inside it, by key.
func Write(t Table) string {
	var b strings.Builder
	writeTable(&b, nil, t)
	return strings.TrimPrefix(b.String(), "\n")
}

func writeTable(b *strings.Builder, path []string, t Table) {
	var values, tables []string
	for _, key := range t.Keys() {
		if _, is := t[key].(Table); is {
			tables = append(tables, key)
		} else {
			values = append(values, key)
		}
	}
	if len(path) > 0 && (len(values) > 0 || len(tables) == 0) {
		b.WriteString("\n[" + strings.Join(path, ".") + "]\n")
	}
	for _, key := range values {
		b.WriteString(writeKey(key) + " = " + writeValue(t[key]) + "\n")
	}
	for _, key := range tables {
		inner, _ := t[key].(Table)
		writeTable(b, append(slices.Clip(path), writeKey(key)), inner)
	}
}

func writeKey(key string) string {
	for i := range len(key) {
		if !isBare(key[i]) {
			return writeText(key)
		}
	}
	if key == "" {
		return `""`
	}
	return key
}

func writeValue(v any) string {
	switch v := v.(type) {
	case string:
		return writeText(v)
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return text
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = writeValue(one)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Table:
		parts := make([]string, 0, len(v))
		for _, key := range v.Keys() {
			parts = append(parts, writeKey(key)+" = "+writeValue(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	default:
		panic(fmt.Sprintf("a table holds a %T", v)) // Table says what may be in one
	}
}

func writeText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case isControl(c):
			fmt.Fprintf(&b, `\u%04X`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
