// Package wire is the server side of AWS's wire protocols: EC2 query, AWS query, AWS JSON 1.0 and 1.1,
// Smithy RPC v2 with CBOR, and S3's rest-xml.
//
// In go HTTP requests as any AWS client sends them, and a table of typed operations. Out come calls of those operations with
// aws-sdk-go-v2's own input types, and HTTP answers made of its output types. The wire names come from names_gen.go, which is
// generated from the SDK's own serializers, or from the SDK's schemas, so that they always match the SDK in go.mod.
//
// It must never know what an operation means, keep state between two requests (but its compiled codecs), check a signature, or
// panic on what a client sends.
package wire

//go:generate go run ./gen
