package wire

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strconv"
	"strings"
)

// chunkedEncoding is what clients put into Content-Encoding for a body in signed or trailed chunks.
const chunkedEncoding = "aws-chunked"

// unchunk undoes aws-chunked (Amazon S3 API reference, "Signature calculations: transferring a payload in multiple chunks"):
// "size[;extension]\r\n data \r\n", a last chunk of size 0, then trailers, whose checksums it puts among
// the headers.
func unchunk(body []byte, h http.Header) ([]byte, error) {
	broken := Errorf("IncompleteBody", "The request body terminated unexpectedly")
	plain := make([]byte, 0, len(body))
	for {
		line, rest, ok := bytes.Cut(body, []byte("\r\n"))
		sizeText, _, _ := strings.Cut(string(line), ";")
		size, err := strconv.ParseUint(sizeText, 16, 31)
		if !ok || err != nil || uint64(len(rest)) < size {
			return nil, broken
		}
		if size == 0 {
			body = rest
			break
		}
		plain = append(plain, rest[:size]...)
		if body, ok = bytes.CutPrefix(rest[size:], []byte("\r\n")); !ok {
			return nil, broken
		}
	}
	if want := h.Get("X-Amz-Decoded-Content-Length"); want != "" && want != strconv.Itoa(len(plain)) {
		return nil, broken
	}
	for line := range strings.SplitSeq(string(body), "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.HasPrefix(strings.ToLower(name), "x-amz-checksum-") {
			h.Set(name, strings.TrimSpace(value))
		}
	}
	return plain, nil
}

// isChunked tells an aws-chunked body.
func isChunked(h http.Header) bool {
	return strings.HasPrefix(h.Get("X-Amz-Content-Sha256"), "STREAMING-") || strings.Contains(h.Get("Content-Encoding"), chunkedEncoding)
}

// withoutChunked is a Content-Encoding as the client meant it.
func withoutChunked(encoding string) string {
	var kept []string
	for part := range strings.SplitSeq(encoding, ",") {
		if part = strings.TrimSpace(part); part != "" && part != chunkedEncoding {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ",")
}

// checkDigests compares a body with every checksum among the headers that can be computed with the standard library.
func checkDigests(body []byte, h http.Header) error {
	for _, d := range digests() {
		want := h.Get(d.header)
		if want == "" {
			continue
		}
		sum := d.make()
		_, _ = sum.Write(body) // a hash never fails
		if base64.StdEncoding.EncodeToString(sum.Sum(nil)) != want {
			return Errorf("BadDigest", "The %s you specified did not match what we received.", d.header)
		}
	}
	return nil
}

// digest is a checksum header and its algorithm.
type digest struct {
	header string
	make   func() hash.Hash
}

// digests are the checksums that S3 defines, but the xxhashes.
func digests() []digest {
	const nvme = 0x9a6c9329ac4bc9b5 // CRC-64/NVME, reversed
	return []digest{
		{"Content-Md5", md5.New},
		{"X-Amz-Checksum-Crc32", func() hash.Hash { return crc32.NewIEEE() }},
		{"X-Amz-Checksum-Crc32c", func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }},
		{"X-Amz-Checksum-Crc64nvme", func() hash.Hash { return crc64.New(crc64.MakeTable(nvme)) }},
		{"X-Amz-Checksum-Sha1", sha1.New},
		{"X-Amz-Checksum-Sha256", sha256.New},
	}
}
