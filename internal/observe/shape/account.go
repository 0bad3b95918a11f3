package shape

import "strings"

// Partition is the part of AWS that an ARN belongs to: "aws", "aws-cn", "aws-us-gov".
func Partition(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 1 && parts[1] != "" {
		return parts[1]
	}
	return "aws"
}
