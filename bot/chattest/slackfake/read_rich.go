package slackfake

import "strings"

// richParts are the parts of a rich text as they are read, one below the other: a quote behind a bar, an item of a list
// behind a point.
func richParts(b block) (parts []string) {
	list, _ := b["elements"].([]any)
	for _, v := range list {
		e, _ := v.(block)
		switch e["type"] {
		case "rich_text_list":
			for _, item := range richParts(e) {
				parts = append(parts, "• "+item)
			}
		case "rich_text_quote":
			parts = append(parts, "| "+strings.ReplaceAll(richText(e), "\n", "\n| "))
		default:
			parts = append(parts, richText(e))
		}
	}
	return parts
}

// richText is what the elements of one part say.
func richText(e block) string {
	var out strings.Builder
	list, _ := e["elements"].([]any)
	for _, v := range list {
		e, _ := v.(block)
		switch e["type"] {
		case "channel":
			out.WriteString("<#" + str(e["channel_id"]) + ">")
		case "user":
			out.WriteString("<@" + str(e["user_id"]) + ">")
		case "usergroup":
			out.WriteString("<!subteam^" + str(e["usergroup_id"]) + ">")
		case "broadcast":
			out.WriteString("<!" + str(e["range"]) + ">")
		case "emoji":
			out.WriteString(":" + str(e["name"]) + ":")
		case "link":
			if s := str(e["text"]); s != "" {
				out.WriteString(s + " ")
			}
			out.WriteString(str(e["url"]))
		default:
			out.WriteString(str(e["text"]))
		}
	}
	return out.String()
}
