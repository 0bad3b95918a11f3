package wire

import (
	"net/http"
	"strings"
)

// scope returns access key and region of a request's credential scope, from the Authorization header or a presigned URL
// (AWS Signature Version 4: AKID/date/region/service/aws4_request); empty when it isn't signed.
func scope(r *http.Request) (accessKey, region string) {
	_, credential, ok := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if ok {
		credential, _, _ = strings.Cut(credential, ",")
	} else {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if len(parts) != 5 {
		return parts[0], ""
	}
	return parts[0], parts[2]
}
