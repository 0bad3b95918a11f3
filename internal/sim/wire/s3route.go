package wire

import (
	"net/http"
	"net/url"
	"strings"
)

// s3Route is one rest operation of S3 and what tells it from the others.
type s3Route struct {
	operation string
	method    string
	level     s3Level
	queries   []string // names, or name=value, that the URL must have
	headers   []string // that must be there
}

// s3Level is what a request's path names.
type s3Level int

const (
	s3Service s3Level = iota
	s3Bucket
	s3Object
)

// s3Routes reads the operations of S3 from the table of names, all of them: a request for an operation that nobody serves must
// not be taken for a simpler one.
func s3Routes() []s3Route {
	var routes []s3Route
	for line := range strings.SplitSeq(s3Names, "\n") {
		line, ok := strings.CutPrefix(line, "!")
		if !ok {
			continue
		}
		operation, rest, _ := strings.Cut(line, " ")
		method, uri, _ := strings.Cut(rest, " ")
		path, query, _ := strings.Cut(uri, "?")
		r := s3Route{operation: operation, method: method, level: s3Bucket}
		if path == "/{Key+}" {
			r.level = s3Object
		}
		for q := range strings.SplitSeq(query, "&") {
			if q != "" && !strings.HasPrefix(q, "x-id=") {
				r.queries = append(r.queries, q)
			}
		}
		r.distinguish()
		routes = append(routes, r)
	}
	return routes
}

// distinguish adds what the URIs don't say: operations with the same one differ by a member that must be there.
func (r *s3Route) distinguish() {
	switch r.operation {
	case "ListBuckets", "ListDirectoryBuckets":
		r.level = s3Service
	case "CopyObject":
		r.headers = append(r.headers, "X-Amz-Copy-Source")
	case "UploadPartCopy":
		r.headers = append(r.headers, "X-Amz-Copy-Source")
		r.queries = append(r.queries, "uploadId")
	case "UploadPart", "ListParts", "AbortMultipartUpload", "CompleteMultipartUpload":
		r.queries = append(r.queries, "uploadId")
	case "GetBucketAnalyticsConfiguration", "GetBucketIntelligentTieringConfiguration",
		"GetBucketInventoryConfiguration", "GetBucketMetricsConfiguration":
		r.queries = append(r.queries, "id")
	case "GetObjectAnnotation":
		r.queries = append(r.queries, "annotationName")
	}
}

// matches says how many conditions a request meets; none unless it meets all.
func (r *s3Route) matches(method string, level s3Level, query url.Values, h http.Header) (int, bool) {
	if r.method != method || r.level != level {
		return 0, false
	}
	for _, q := range r.queries {
		name, value, _ := strings.Cut(q, "=")
		if !query.Has(name) || value != "" && query.Get(name) != value {
			return 0, false
		}
	}
	for _, name := range r.headers {
		if h.Get(name) == "" {
			return 0, false
		}
	}
	return len(r.queries) + len(r.headers), true
}

// s3Operation finds the operation a request means: the one with the most conditions met.
func s3Operation(routes []s3Route, r *http.Request, level s3Level, query url.Values) string {
	best, name := -1, ""
	for i := range routes {
		if n, ok := routes[i].matches(r.Method, level, query, r.Header); ok && n > best {
			best, name = n, routes[i].operation
		}
	}
	return name
}

// s3Path returns bucket and key of a request, path style or virtual-host style; host is the server's own name, if known.
func s3Path(r *http.Request, host string) (bucket, key string) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if bucket = s3HostBucket(r.Host, host); bucket != "" {
		return bucket, path
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key
}

// s3HostBucket returns the bucket that a Host header names before AWS's, the server's or the local machine's name.
func s3HostBucket(asked, host string) string {
	asked, _, _ = strings.Cut(asked, ":")
	for _, suffix := range []string{".s3.", ".s3-"} {
		if i := strings.LastIndex(asked, suffix); i > 0 && strings.Contains(asked[i:], ".amazonaws.com") {
			return asked[:i]
		}
	}
	for _, suffix := range []string{"localhost", host} {
		if bucket, ok := strings.CutSuffix(asked, "."+suffix); ok && suffix != "" {
			return bucket
		}
	}
	return ""
}

// levelOf tells what bucket and key name.
func levelOf(bucket, key string) s3Level {
	switch {
	case bucket == "":
		return s3Service
	case key == "":
		return s3Bucket
	}
	return s3Object
}
