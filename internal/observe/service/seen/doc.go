// Package seen puts what AWS answered about services and tasks into our words.
//
// In: values of the AWS SDK. Out: values of package live, in which nothing points and nothing is secret: values of environment
// variables and options of log drivers that may hold tokens are left out. It asks nobody, and decides nothing.
package seen

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// when is a time, the zero one where there is none.
func when(t *time.Time) time.Time { return aws.ToTime(t) }

// last is what stands behind the last slash of an ARN.
func last(arn *string) string {
	text := aws.ToString(arn)
	return text[strings.LastIndexByte(text, '/')+1:]
}
