package watching

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"berth/internal/cloud"
)

// longest is how many characters a subject has (SNS API reference, Publish).
const longest = 100

// Publish sends a message to a topic. When its answer is lost it is sent again, so receivers may get it twice.
func Publish(ctx context.Context, c *cloud.Cloud, topic, subject, text string) error {
	in := &sns.PublishInput{TopicArn: &topic, Message: &text}
	if s := Subject(subject); s != "" {
		in.Subject = aws.String(s)
	}
	_, err := cloud.Repeat(ctx, c, c.SNS.Publish, in)
	return err
}

// Subject is a text as SNS takes it for a subject: ASCII without line breaks and control characters, that begins with a letter,
// digit or sign.
func Subject(text string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r == 0x7f:
			return ' '
		case r > '~':
			return '?'
		}
		return r
	}, text)
	plain = strings.Join(strings.Fields(plain), " ")
	if len(plain) > longest {
		plain = strings.TrimSpace(plain[:longest-3]) + "..."
	}
	return plain
}
